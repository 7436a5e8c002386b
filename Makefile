.PHONY: check build test fmt lint
build:
	CGO_ENABLED=0 go build -trimpath -o dateline ./cmd/dateline
test:
	go test ./...
fmt:
	go tool -modfile=tools.mod golangci-lint fmt ./...
lint:
	go tool -modfile=tools.mod golangci-lint run ./...
check:
	bash .ci/run
