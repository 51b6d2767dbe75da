\set ON_ERROR_STOP on
\i other.sql
COPY t FROM STDIN;
1	2
\.
