-- windows
CREATE TABLE t (a int);

CREATE INDEX CONCURRENTLY i ON t (a);
