FROB "i
-- x" ON t;
CREATE INDEX "i
-- x";
E'a
b';
