package tidiomock

import (
	"crypto/rand"
	"strings"
	"sync"
)

// store is what the account holds. One lock for all nouns: one may refer to another.
type store struct {
	mu         sync.Mutex
	properties []*property // oldest first
}

// newID returns an opaque id that no other account has: "prop_k5n2x7q4m3".
func newID(prefix string) string {
	return prefix + strings.ToLower(rand.Text()[:10])
}
