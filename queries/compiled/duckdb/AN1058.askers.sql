SELECT subject FROM arps
WHERE time BETWEEN $from AND $to AND NOT is_reply
GROUP BY subject HAVING count(DISTINCT target) >= 8
