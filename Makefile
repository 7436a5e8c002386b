.PHONY: check build test
build:
	CGO_ENABLED=0 go build -trimpath -o dateline ./cmd/dateline
test:
	go test ./...
check:
	bash .ci/run
