SELECT subject FROM arps
WHERE time BETWEEN $from AND $to AND NOT is_reply
  AND ($subjects IS NULL OR subject IN (SELECT unnest($subjects)))
GROUP BY subject HAVING count(DISTINCT target) >= 8
