package tidiomock

import (
	"crypto/rand"
	"strings"
	"sync"
	"time"
)

// store is what the account holds. One lock for all nouns: one may refer to another.
type store struct {
	mu            sync.Mutex
	properties    table[*property]
	contacts      table[*Contact]
	operators     table[*Operator]
	conversations table[*Conversation]
	messages      map[string]*table[*Message] // by the conversation's id
}

// begin makes the account an empty one. Only what an API can write has a lag.
func (s *store) begin(lag time.Duration) {
	s.properties.lag, s.contacts.lag = lag, lag
}

// newID returns an opaque id that no other account has: "prop_k5n2x7q4m3".
func newID(prefix string) string {
	return prefix + strings.ToLower(rand.Text()[:10])
}

// now is the time as the API writes it.
func now() string { return time.Now().UTC().Format(time.RFC3339) }
