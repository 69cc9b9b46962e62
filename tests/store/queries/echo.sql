-- Every kind there and back.
-- in: number int, number_null int?, flag bool, text str, text_null str?,
--     bytes bytes, bytes_null bytes?, at when, at_null when?
-- out: number int, number_null int?, flag bool, text str, text_null str?,
--      bytes bytes, bytes_null bytes?, at when, at_null when?
-- rows: one
SELECT :number AS number, :number_null AS number_null, :flag AS flag,
	:text AS text, :text_null AS text_null, :bytes AS bytes,
	:bytes_null AS bytes_null, :at AS at, :at_null AS at_null
