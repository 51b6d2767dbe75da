-- +goose Up
-- +goose StatementBegin
CREATE TABLE t (a int);
-- +goose StatementEnd
-- +goose Down
DROP TABLE t;
