WITH seen AS (
  SELECT subject, is_process, time, destination, port, transport,
    scope,
    outcome IN ('refused', 'unanswered') AS failed
  FROM contacts
  WHERE time BETWEEN $from AND $to
    AND (container = '' AND ((is_process AND platform = 'macos') OR (NOT is_process AND source IN (SELECT unnest($held)))))
    AND ($subjects IS NULL OR subject IN (SELECT unnest($subjects)))
),
busy AS (SELECT subject FROM seen GROUP BY subject HAVING count(*) >= 8),
sockets AS (SELECT subject FROM seen SEMI JOIN busy USING (subject) GROUP BY subject, destination, port, transport),
candidates AS (SELECT subject FROM sockets GROUP BY subject HAVING count(*) >= 8),
kept AS MATERIALIZED (SELECT * FROM seen SEMI JOIN candidates USING (subject)),
d60 AS (
  SELECT subject, is_process, time // 60000 AS bucket, destination, scope, port, transport, bool_or(failed) AS failed
  FROM kept GROUP BY ALL
),
h60 AS (
  SELECT subject, is_process, bucket, destination, scope,
    count(DISTINCT port) AS ports, count(DISTINCT port) FILTER (failed) AS failed_ports,
    count(*) AS sockets, count(*) FILTER (failed) AS failed_sockets,
    count(*) FILTER (failed AND port IN (22, 23, 135, 139, 445, 2323, 3389, 5900, 5985, 5986)) AS listed5
  FROM d60 GROUP BY ALL
),
b60 AS (
  SELECT subject, is_process, bucket,
    coalesce(count(*) FILTER (scope = 'own' AND sockets > 0), 0) AS m0,
    coalesce(max(ports) FILTER (scope = 'own'), 0) AS m1,
    coalesce(max(failed_ports) FILTER (scope <> 'own'), 0) AS m2,
    coalesce(sum(failed_sockets) FILTER (scope = 'own'), 0) AS m3,
    coalesce(sum(sockets) FILTER (scope = 'own'), 0) AS m4,
    coalesce(count(*) FILTER (scope = 'foreign' AND listed5 > 0), 0) AS m5,
    coalesce(max(ports) FILTER (scope <> 'self'), 0) AS m6,
    coalesce(count(*) FILTER (scope = 'own' AND failed_sockets > 0), 0) AS m7
  FROM h60 GROUP BY ALL
),
w60 AS (
  SELECT subject, bucket FROM b60
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
d600 AS (
  SELECT subject, is_process, time // 600000 AS bucket, destination, scope, port, transport, bool_or(failed) AS failed
  FROM kept GROUP BY ALL
),
h600 AS (
  SELECT subject, is_process, bucket, destination, scope,
    count(DISTINCT port) AS ports, count(DISTINCT port) FILTER (failed) AS failed_ports,
    count(*) AS sockets, count(*) FILTER (failed) AS failed_sockets,
    count(*) FILTER (failed AND port IN (22, 23, 135, 139, 445, 2323, 3389, 5900, 5985, 5986)) AS listed5
  FROM d600 GROUP BY ALL
),
b600 AS (
  SELECT subject, is_process, bucket,
    coalesce(count(*) FILTER (scope = 'own' AND sockets > 0), 0) AS m0,
    coalesce(max(ports) FILTER (scope = 'own'), 0) AS m1,
    coalesce(max(failed_ports) FILTER (scope <> 'own'), 0) AS m2,
    coalesce(sum(failed_sockets) FILTER (scope = 'own'), 0) AS m3,
    coalesce(sum(sockets) FILTER (scope = 'own'), 0) AS m4,
    coalesce(count(*) FILTER (scope = 'foreign' AND listed5 > 0), 0) AS m5,
    coalesce(max(ports) FILTER (scope <> 'self'), 0) AS m6,
    coalesce(count(*) FILTER (scope = 'own' AND failed_sockets > 0), 0) AS m7
  FROM h600 GROUP BY ALL
),
w600 AS (
  SELECT subject, bucket FROM b600
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
d3600 AS (
  SELECT subject, is_process, time // 3600000 AS bucket, destination, scope, port, transport, bool_or(failed) AS failed
  FROM kept GROUP BY ALL
),
h3600 AS (
  SELECT subject, is_process, bucket, destination, scope,
    count(DISTINCT port) AS ports, count(DISTINCT port) FILTER (failed) AS failed_ports,
    count(*) AS sockets, count(*) FILTER (failed) AS failed_sockets,
    count(*) FILTER (failed AND port IN (22, 23, 135, 139, 445, 2323, 3389, 5900, 5985, 5986)) AS listed5
  FROM d3600 GROUP BY ALL
),
b3600 AS (
  SELECT subject, is_process, bucket,
    coalesce(count(*) FILTER (scope = 'own' AND sockets > 0), 0) AS m0,
    coalesce(max(ports) FILTER (scope = 'own'), 0) AS m1,
    coalesce(max(failed_ports) FILTER (scope <> 'own'), 0) AS m2,
    coalesce(sum(failed_sockets) FILTER (scope = 'own'), 0) AS m3,
    coalesce(sum(sockets) FILTER (scope = 'own'), 0) AS m4,
    coalesce(count(*) FILTER (scope = 'foreign' AND listed5 > 0), 0) AS m5,
    coalesce(max(ports) FILTER (scope <> 'self'), 0) AS m6,
    coalesce(count(*) FILTER (scope = 'own' AND failed_sockets > 0), 0) AS m7
  FROM h3600 GROUP BY ALL
),
w3600 AS (
  SELECT subject, bucket FROM b3600
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
d86400 AS (
  SELECT subject, is_process, time // 86400000 AS bucket, destination, scope, port, transport, bool_or(failed) AS failed
  FROM kept GROUP BY ALL
),
h86400 AS (
  SELECT subject, is_process, bucket, destination, scope,
    count(DISTINCT port) AS ports, count(DISTINCT port) FILTER (failed) AS failed_ports,
    count(*) AS sockets, count(*) FILTER (failed) AS failed_sockets,
    count(*) FILTER (failed AND port IN (22, 23, 135, 139, 445, 2323, 3389, 5900, 5985, 5986)) AS listed5
  FROM d86400 GROUP BY ALL
),
b86400 AS (
  SELECT subject, is_process, bucket,
    coalesce(count(*) FILTER (scope = 'own' AND sockets > 0), 0) AS m0,
    coalesce(max(ports) FILTER (scope = 'own'), 0) AS m1,
    coalesce(max(failed_ports) FILTER (scope <> 'own'), 0) AS m2,
    coalesce(sum(failed_sockets) FILTER (scope = 'own'), 0) AS m3,
    coalesce(sum(sockets) FILTER (scope = 'own'), 0) AS m4,
    coalesce(count(*) FILTER (scope = 'foreign' AND listed5 > 0), 0) AS m5,
    coalesce(max(ports) FILTER (scope <> 'self'), 0) AS m6,
    coalesce(count(*) FILTER (scope = 'own' AND failed_sockets > 0), 0) AS m7
  FROM h86400 GROUP BY ALL
),
w86400 AS (
  SELECT subject, bucket FROM b86400
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
SELECT subject, 60 AS window_seconds, bucket FROM w60
UNION ALL
SELECT subject, 600 AS window_seconds, bucket FROM w600
UNION ALL
SELECT subject, 3600 AS window_seconds, bucket FROM w3600
UNION ALL
SELECT subject, 86400 AS window_seconds, bucket FROM w86400
