package tidiomock

import (
	"crypto/rand"
	"fmt"
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
	messages      table[*message]
	departments   table[*Department]
	tickets       table[*Ticket]
	lastTicket    int // the highest id of a ticket there was
	project       Project
}

// setLag sets the lag of reads, and makes all writes visible to them. Only what an API can write has one.
func (s *store) setLag(lag time.Duration) {
	s.properties.setLag(lag)
	s.contacts.setLag(lag)
	s.tickets.setLag(lag)
}

// newID returns an opaque id that no other account has: "prop_k5n2x7q4m3".
func newID(prefix string) string {
	return prefix + strings.ToLower(rand.Text()[:10])
}

// now is the time as the API writes it.
func now() string { return time.Now().UTC().Format(time.RFC3339) }

// newUUID returns an id of the published API: the form of its ids for most nouns.
func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// newULID returns an id of the published API for what is part of a ticket. It has the length of a ULID, but
// tells no time.
func newULID() string { return "01" + rand.Text()[:24] }
