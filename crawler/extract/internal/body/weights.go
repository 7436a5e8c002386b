package body

import (
	_ "embed"
	"sync"
)

//go:embed weights.bin
var weights []byte

// Fitted is the model of the weights file. It panics if the file that was built
// in is not of these features, which the tests rule out.
var Fitted = sync.OnceValue(func() *Model {
	m, err := Decode(weights)
	if err != nil {
		panic(err)
	}
	return m
})
