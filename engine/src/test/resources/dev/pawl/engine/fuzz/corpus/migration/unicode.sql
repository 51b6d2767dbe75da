COMMENT ON TABLE U&"d!0061t!+000061" UESCAPE '!' IS U&'\0441\043B\+01F600';
SELECT 'a'
  'b', E'c\'
\n'
 'd', N'x', B'01', X'1F', $1, 0x1F, 1_000, 1.5e-3, .5, 1..2;
