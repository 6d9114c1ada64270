WITH
seen AS NOT MATERIALIZED (
  SELECT subject, subject_hash, is_process, time, destination, port, transport, scope, failed FROM (
    SELECT subject, subject_hash, traits & 8 <> 0 AS is_process, time, destination, port, transport,
      traits & 3 AS scope,
      traits & 4 <> 0 AS failed
    FROM contacts
    WHERE time BETWEEN $history AND $to
      AND (traits & 56 = 40 OR (traits & 24 = 0 AND source IN (SELECT unnest($held))))
  )
  WHERE (scope = 1)
    OR (scope <> 1 AND failed)
    OR (scope = 1 AND failed)
    OR (is_process AND scope = 1)
    OR (scope = 0 AND failed AND port IN (22, 23, 135, 139, 445, 2323, 3389, 5900, 5985, 5986))
    OR (scope <> 2)
),
recent AS NOT MATERIALIZED (SELECT * FROM seen WHERE time >= $from),
hot60 AS (
  SELECT DISTINCT subject_hash, bucket + beside AS bucket FROM (SELECT subject_hash, time // 60000 AS bucket FROM recent GROUP BY ALL
    HAVING count(*) FILTER (scope = 1) >= 8
      OR count(*) FILTER (scope <> 1 AND failed) >= 8
      OR count(*) FILTER (scope = 1 AND failed) >= 5
      OR count(*) FILTER (is_process AND scope = 1) >= 8
      OR count(*) FILTER (scope = 0 AND failed AND port IN (22, 23, 135, 139, 445, 2323, 3389, 5900, 5985, 5986)) >= 5
      OR count(*) FILTER (scope <> 2) >= 6
      OR count(*) FILTER (scope = 1 AND failed) >= 4), (VALUES (-1), (0), (1)) AS neighbours(beside)
),
near60 AS (
  SELECT recent.* FROM recent SEMI JOIN hot60 ON recent.subject_hash = hot60.subject_hash AND time // 60000 = hot60.bucket
),
hot600 AS (
  SELECT DISTINCT subject_hash, bucket + beside AS bucket FROM (SELECT subject_hash, time // 600000 AS bucket FROM recent GROUP BY ALL
    HAVING count(*) FILTER (scope = 1) >= 8
      OR count(*) FILTER (scope <> 1 AND failed) >= 8
      OR count(*) FILTER (scope = 1 AND failed) >= 5
      OR count(*) FILTER (is_process AND scope = 1) >= 8
      OR count(*) FILTER (scope = 0 AND failed AND port IN (22, 23, 135, 139, 445, 2323, 3389, 5900, 5985, 5986)) >= 5
      OR count(*) FILTER (scope <> 2) >= 6
      OR count(*) FILTER (scope = 1 AND failed) >= 4), (VALUES (-1), (0), (1)) AS neighbours(beside)
),
near600 AS (
  SELECT recent.* FROM recent SEMI JOIN hot600 ON recent.subject_hash = hot600.subject_hash AND time // 600000 = hot600.bucket
),
hot3600 AS (
  SELECT DISTINCT subject_hash, bucket + beside AS bucket FROM (SELECT subject_hash, time // 3600000 AS bucket FROM recent GROUP BY ALL
    HAVING count(*) FILTER (scope = 1) >= 16
      OR count(*) FILTER (scope <> 1 AND failed) >= 16
      OR count(*) FILTER (scope = 1 AND failed) >= 10
      OR count(*) FILTER (is_process AND scope = 1) >= 16
      OR count(*) FILTER (scope = 0 AND failed AND port IN (22, 23, 135, 139, 445, 2323, 3389, 5900, 5985, 5986)) >= 10
      OR count(*) FILTER (scope <> 2) >= 12
      OR count(*) FILTER (scope = 1 AND failed) >= 8), (VALUES (-1), (0), (1)) AS neighbours(beside)
),
near3600 AS (
  SELECT recent.* FROM recent SEMI JOIN hot3600 ON recent.subject_hash = hot3600.subject_hash AND time // 3600000 = hot3600.bucket
),
hot86400 AS (
  SELECT DISTINCT subject_hash, bucket + beside AS bucket FROM (SELECT subject_hash, time // 86400000 AS bucket FROM recent GROUP BY ALL
    HAVING count(*) FILTER (scope = 1) >= 32
      OR count(*) FILTER (scope <> 1 AND failed) >= 32
      OR count(*) FILTER (scope = 1 AND failed) >= 20
      OR count(*) FILTER (is_process AND scope = 1) >= 32
      OR count(*) FILTER (scope = 0 AND failed AND port IN (22, 23, 135, 139, 445, 2323, 3389, 5900, 5985, 5986)) >= 20
      OR count(*) FILTER (scope <> 2) >= 24
      OR count(*) FILTER (scope = 1 AND failed) >= 16), (VALUES (-1), (0), (1)) AS neighbours(beside)
),
near86400 AS (
  SELECT recent.* FROM recent SEMI JOIN hot86400 ON recent.subject_hash = hot86400.subject_hash AND time // 86400000 = hot86400.bucket
),
w60 AS (
  SELECT subject, bucket FROM (
    SELECT subject, is_process, bucket,
      coalesce(count(*) FILTER (scope = 1 AND sockets > 0), 0) AS m0,
      coalesce(max(sockets) FILTER (scope = 1), 0) AS m1,
      coalesce(max(failed_sockets) FILTER (scope <> 1), 0) AS m2,
      coalesce(sum(failed_sockets) FILTER (scope = 1), 0) AS m3,
      coalesce(sum(sockets) FILTER (scope = 1), 0) AS m4,
      coalesce(count(*) FILTER (scope = 0 AND listed5 > 0), 0) AS m5,
      coalesce(max(sockets) FILTER (scope <> 2), 0) AS m6,
      coalesce(count(*) FILTER (scope = 1 AND failed_sockets > 0), 0) AS m7
    FROM (
      SELECT subject, is_process, bucket, destination, scope,
        count(*) AS sockets, count(*) FILTER (failed) AS failed_sockets,
    count(*) FILTER (failed AND port IN (22, 23, 135, 139, 445, 2323, 3389, 5900, 5985, 5986)) AS listed5
      FROM (
        SELECT subject, is_process, time // 60000 AS bucket, destination, scope, port, transport, bool_or(failed) AS failed
        FROM near60 GROUP BY ALL
      ) GROUP BY ALL
    ) GROUP BY ALL
  )
  WINDOW pair AS (PARTITION BY subject ORDER BY bucket RANGE BETWEEN 1 PRECEDING AND CURRENT ROW)
  QUALIFY sum(m0) OVER pair >= 16
    OR sum(m1) OVER pair >= 16
    OR sum(m2) OVER pair >= 16
    OR sum(m3) OVER pair >= 10
    OR is_process AND sum(m4) OVER pair >= 16
    OR sum(m5) OVER pair >= 10
    OR sum(m6) OVER pair >= 12
    OR sum(m7) OVER pair >= 8
),
w600 AS (
  SELECT subject, bucket FROM (
    SELECT subject, is_process, bucket,
      coalesce(count(*) FILTER (scope = 1 AND sockets > 0), 0) AS m0,
      coalesce(max(sockets) FILTER (scope = 1), 0) AS m1,
      coalesce(max(failed_sockets) FILTER (scope <> 1), 0) AS m2,
      coalesce(sum(failed_sockets) FILTER (scope = 1), 0) AS m3,
      coalesce(sum(sockets) FILTER (scope = 1), 0) AS m4,
      coalesce(count(*) FILTER (scope = 0 AND listed5 > 0), 0) AS m5,
      coalesce(max(sockets) FILTER (scope <> 2), 0) AS m6,
      coalesce(count(*) FILTER (scope = 1 AND failed_sockets > 0), 0) AS m7
    FROM (
      SELECT subject, is_process, bucket, destination, scope,
        count(*) AS sockets, count(*) FILTER (failed) AS failed_sockets,
    count(*) FILTER (failed AND port IN (22, 23, 135, 139, 445, 2323, 3389, 5900, 5985, 5986)) AS listed5
      FROM (
        SELECT subject, is_process, time // 600000 AS bucket, destination, scope, port, transport, bool_or(failed) AS failed
        FROM near600 GROUP BY ALL
      ) GROUP BY ALL
    ) GROUP BY ALL
  )
  WINDOW pair AS (PARTITION BY subject ORDER BY bucket RANGE BETWEEN 1 PRECEDING AND CURRENT ROW)
  QUALIFY sum(m0) OVER pair >= 16
    OR sum(m1) OVER pair >= 16
    OR sum(m2) OVER pair >= 16
    OR sum(m3) OVER pair >= 10
    OR is_process AND sum(m4) OVER pair >= 16
    OR sum(m5) OVER pair >= 10
    OR sum(m6) OVER pair >= 12
    OR sum(m7) OVER pair >= 8
),
w3600 AS (
  SELECT subject, bucket FROM (
    SELECT subject, is_process, bucket,
      coalesce(count(*) FILTER (scope = 1 AND sockets > 0), 0) AS m0,
      coalesce(max(sockets) FILTER (scope = 1), 0) AS m1,
      coalesce(max(failed_sockets) FILTER (scope <> 1), 0) AS m2,
      coalesce(sum(failed_sockets) FILTER (scope = 1), 0) AS m3,
      coalesce(sum(sockets) FILTER (scope = 1), 0) AS m4,
      coalesce(count(*) FILTER (scope = 0 AND listed5 > 0), 0) AS m5,
      coalesce(max(sockets) FILTER (scope <> 2), 0) AS m6,
      coalesce(count(*) FILTER (scope = 1 AND failed_sockets > 0), 0) AS m7
    FROM (
      SELECT subject, is_process, bucket, destination, scope,
        count(*) AS sockets, count(*) FILTER (failed) AS failed_sockets,
    count(*) FILTER (failed AND port IN (22, 23, 135, 139, 445, 2323, 3389, 5900, 5985, 5986)) AS listed5
      FROM (
        SELECT subject, is_process, time // 3600000 AS bucket, destination, scope, port, transport, bool_or(failed) AS failed
        FROM near3600 GROUP BY ALL
      ) GROUP BY ALL
    ) GROUP BY ALL
  )
  WINDOW pair AS (PARTITION BY subject ORDER BY bucket RANGE BETWEEN 1 PRECEDING AND CURRENT ROW)
  QUALIFY sum(m0) OVER pair >= 32
    OR sum(m1) OVER pair >= 32
    OR sum(m2) OVER pair >= 32
    OR sum(m3) OVER pair >= 20
    OR is_process AND sum(m4) OVER pair >= 32
    OR sum(m5) OVER pair >= 20
    OR sum(m6) OVER pair >= 24
    OR sum(m7) OVER pair >= 16
),
w86400 AS (
  SELECT subject, bucket FROM (
    SELECT subject, is_process, bucket,
      coalesce(count(*) FILTER (scope = 1 AND sockets > 0), 0) AS m0,
      coalesce(max(sockets) FILTER (scope = 1), 0) AS m1,
      coalesce(max(failed_sockets) FILTER (scope <> 1), 0) AS m2,
      coalesce(sum(failed_sockets) FILTER (scope = 1), 0) AS m3,
      coalesce(sum(sockets) FILTER (scope = 1), 0) AS m4,
      coalesce(count(*) FILTER (scope = 0 AND listed5 > 0), 0) AS m5,
      coalesce(max(sockets) FILTER (scope <> 2), 0) AS m6,
      coalesce(count(*) FILTER (scope = 1 AND failed_sockets > 0), 0) AS m7
    FROM (
      SELECT subject, is_process, bucket, destination, scope,
        count(*) AS sockets, count(*) FILTER (failed) AS failed_sockets,
    count(*) FILTER (failed AND port IN (22, 23, 135, 139, 445, 2323, 3389, 5900, 5985, 5986)) AS listed5
      FROM (
        SELECT subject, is_process, time // 86400000 AS bucket, destination, scope, port, transport, bool_or(failed) AS failed
        FROM near86400 GROUP BY ALL
      ) GROUP BY ALL
    ) GROUP BY ALL
  )
  WINDOW pair AS (PARTITION BY subject ORDER BY bucket RANGE BETWEEN 1 PRECEDING AND CURRENT ROW)
  QUALIFY sum(m0) OVER pair >= 64
    OR sum(m1) OVER pair >= 64
    OR sum(m2) OVER pair >= 64
    OR sum(m3) OVER pair >= 40
    OR is_process AND sum(m4) OVER pair >= 64
    OR sum(m5) OVER pair >= 40
    OR sum(m6) OVER pair >= 48
    OR sum(m7) OVER pair >= 32
),
first AS MATERIALIZED (SELECT subject FROM w60 UNION SELECT subject FROM w600 UNION SELECT subject FROM w3600 UNION SELECT subject FROM w86400),
rounds AS MATERIALIZED (
  SELECT subject, is_process, minute, destination, scope, port, transport, failed FROM (
    SELECT *, lag(stretch, 4) OVER (PARTITION BY subject, destination, scope, port, transport ORDER BY stretch, minute) AS oldest
    FROM (
      SELECT subject, is_process, time // 60000 AS minute, destination, scope, port, transport,
        time // 20000 AS stretch, bool_or(failed) AS failed
      FROM seen SEMI JOIN first USING (subject) GROUP BY ALL
    )
  )
  WHERE minute >= $from // 60000 AND (oldest IS NULL OR oldest < stretch - 179)
),
r60 AS (
  SELECT subject, bucket FROM (
    SELECT subject, is_process, bucket,
      coalesce(count(*) FILTER (scope = 1 AND sockets > 0), 0) AS m0,
      coalesce(max(sockets) FILTER (scope = 1), 0) AS m1,
      coalesce(max(failed_sockets) FILTER (scope <> 1), 0) AS m2,
      coalesce(sum(failed_sockets) FILTER (scope = 1), 0) AS m3,
      coalesce(sum(sockets) FILTER (scope = 1), 0) AS m4,
      coalesce(count(*) FILTER (scope = 0 AND listed5 > 0), 0) AS m5,
      coalesce(max(sockets) FILTER (scope <> 2), 0) AS m6,
      coalesce(count(*) FILTER (scope = 1 AND failed_sockets > 0), 0) AS m7
    FROM (
      SELECT subject, is_process, bucket, destination, scope,
        count(*) AS sockets, count(*) FILTER (failed) AS failed_sockets,
    count(*) FILTER (failed AND port IN (22, 23, 135, 139, 445, 2323, 3389, 5900, 5985, 5986)) AS listed5
      FROM (
        SELECT subject, is_process, minute // 1 AS bucket, destination, scope, port, transport, bool_or(failed) AS failed
        FROM rounds GROUP BY ALL
      ) GROUP BY ALL
    ) GROUP BY ALL
  )
  WINDOW pair AS (PARTITION BY subject ORDER BY bucket RANGE BETWEEN 1 PRECEDING AND CURRENT ROW)
  QUALIFY sum(m0) OVER pair >= 16
    OR sum(m1) OVER pair >= 16
    OR sum(m2) OVER pair >= 16
    OR sum(m3) OVER pair >= 10
    OR is_process AND sum(m4) OVER pair >= 16
    OR sum(m5) OVER pair >= 10
    OR sum(m6) OVER pair >= 12
    OR sum(m7) OVER pair >= 8
),
r600 AS (
  SELECT subject, bucket FROM (
    SELECT subject, is_process, bucket,
      coalesce(count(*) FILTER (scope = 1 AND sockets > 0), 0) AS m0,
      coalesce(max(sockets) FILTER (scope = 1), 0) AS m1,
      coalesce(max(failed_sockets) FILTER (scope <> 1), 0) AS m2,
      coalesce(sum(failed_sockets) FILTER (scope = 1), 0) AS m3,
      coalesce(sum(sockets) FILTER (scope = 1), 0) AS m4,
      coalesce(count(*) FILTER (scope = 0 AND listed5 > 0), 0) AS m5,
      coalesce(max(sockets) FILTER (scope <> 2), 0) AS m6,
      coalesce(count(*) FILTER (scope = 1 AND failed_sockets > 0), 0) AS m7
    FROM (
      SELECT subject, is_process, bucket, destination, scope,
        count(*) AS sockets, count(*) FILTER (failed) AS failed_sockets,
    count(*) FILTER (failed AND port IN (22, 23, 135, 139, 445, 2323, 3389, 5900, 5985, 5986)) AS listed5
      FROM (
        SELECT subject, is_process, minute // 10 AS bucket, destination, scope, port, transport, bool_or(failed) AS failed
        FROM rounds GROUP BY ALL
      ) GROUP BY ALL
    ) GROUP BY ALL
  )
  WINDOW pair AS (PARTITION BY subject ORDER BY bucket RANGE BETWEEN 1 PRECEDING AND CURRENT ROW)
  QUALIFY sum(m0) OVER pair >= 16
    OR sum(m1) OVER pair >= 16
    OR sum(m2) OVER pair >= 16
    OR sum(m3) OVER pair >= 10
    OR is_process AND sum(m4) OVER pair >= 16
    OR sum(m5) OVER pair >= 10
    OR sum(m6) OVER pair >= 12
    OR sum(m7) OVER pair >= 8
),
r3600 AS (
  SELECT subject, bucket FROM (
    SELECT subject, is_process, bucket,
      coalesce(count(*) FILTER (scope = 1 AND sockets > 0), 0) AS m0,
      coalesce(max(sockets) FILTER (scope = 1), 0) AS m1,
      coalesce(max(failed_sockets) FILTER (scope <> 1), 0) AS m2,
      coalesce(sum(failed_sockets) FILTER (scope = 1), 0) AS m3,
      coalesce(sum(sockets) FILTER (scope = 1), 0) AS m4,
      coalesce(count(*) FILTER (scope = 0 AND listed5 > 0), 0) AS m5,
      coalesce(max(sockets) FILTER (scope <> 2), 0) AS m6,
      coalesce(count(*) FILTER (scope = 1 AND failed_sockets > 0), 0) AS m7
    FROM (
      SELECT subject, is_process, bucket, destination, scope,
        count(*) AS sockets, count(*) FILTER (failed) AS failed_sockets,
    count(*) FILTER (failed AND port IN (22, 23, 135, 139, 445, 2323, 3389, 5900, 5985, 5986)) AS listed5
      FROM (
        SELECT subject, is_process, minute // 60 AS bucket, destination, scope, port, transport, bool_or(failed) AS failed
        FROM rounds GROUP BY ALL
      ) GROUP BY ALL
    ) GROUP BY ALL
  )
  WINDOW pair AS (PARTITION BY subject ORDER BY bucket RANGE BETWEEN 1 PRECEDING AND CURRENT ROW)
  QUALIFY sum(m0) OVER pair >= 32
    OR sum(m1) OVER pair >= 32
    OR sum(m2) OVER pair >= 32
    OR sum(m3) OVER pair >= 20
    OR is_process AND sum(m4) OVER pair >= 32
    OR sum(m5) OVER pair >= 20
    OR sum(m6) OVER pair >= 24
    OR sum(m7) OVER pair >= 16
),
r86400 AS (
  SELECT subject, bucket FROM (
    SELECT subject, is_process, bucket,
      coalesce(count(*) FILTER (scope = 1 AND sockets > 0), 0) AS m0,
      coalesce(max(sockets) FILTER (scope = 1), 0) AS m1,
      coalesce(max(failed_sockets) FILTER (scope <> 1), 0) AS m2,
      coalesce(sum(failed_sockets) FILTER (scope = 1), 0) AS m3,
      coalesce(sum(sockets) FILTER (scope = 1), 0) AS m4,
      coalesce(count(*) FILTER (scope = 0 AND listed5 > 0), 0) AS m5,
      coalesce(max(sockets) FILTER (scope <> 2), 0) AS m6,
      coalesce(count(*) FILTER (scope = 1 AND failed_sockets > 0), 0) AS m7
    FROM (
      SELECT subject, is_process, bucket, destination, scope,
        count(*) AS sockets, count(*) FILTER (failed) AS failed_sockets,
    count(*) FILTER (failed AND port IN (22, 23, 135, 139, 445, 2323, 3389, 5900, 5985, 5986)) AS listed5
      FROM (
        SELECT subject, is_process, minute // 1440 AS bucket, destination, scope, port, transport, bool_or(failed) AS failed
        FROM rounds GROUP BY ALL
      ) GROUP BY ALL
    ) GROUP BY ALL
  )
  WINDOW pair AS (PARTITION BY subject ORDER BY bucket RANGE BETWEEN 1 PRECEDING AND CURRENT ROW)
  QUALIFY sum(m0) OVER pair >= 64
    OR sum(m1) OVER pair >= 64
    OR sum(m2) OVER pair >= 64
    OR sum(m3) OVER pair >= 40
    OR is_process AND sum(m4) OVER pair >= 64
    OR sum(m5) OVER pair >= 40
    OR sum(m6) OVER pair >= 48
    OR sum(m7) OVER pair >= 32
)
SELECT subject, 60 AS window_seconds, bucket FROM r60
UNION ALL
SELECT subject, 600 AS window_seconds, bucket FROM r600
UNION ALL
SELECT subject, 3600 AS window_seconds, bucket FROM r3600
UNION ALL
SELECT subject, 86400 AS window_seconds, bucket FROM r86400
