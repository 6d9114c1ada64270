SELECT subject FROM arps
WHERE time BETWEEN $from AND $to AND NOT is_reply AND source IN (SELECT unnest($held))
GROUP BY subject HAVING count(DISTINCT target) >= 8
