package entity

import "testing"

// BenchmarkNew is how long a start waits for the lists.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		New(nil)
	}
}
