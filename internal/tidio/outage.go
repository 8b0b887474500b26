package tidio

import (
	"sync"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/transport"
)

// outageHold is how long callers get the error of a call whose retries were exhausted, before
// another is tried: that of an API which cannot be reached, and of one that answers with errors, too.
const outageHold = transport.OutageHold

// keep remembers a failed read. The caller holds the lock.
func (s *snapshot[T]) keep(failed *Error) {
	switch failed.Kind {
	case Cancelled, RateLimited: // the next caller may have more luck
	default:
		s.failure, s.failedAt = failed, time.Now()
	}
}

// fail notes how reading a part of the list has failed, if it has: reading it all would, too.
func (s *snapshot[T]) fail(err error) {
	failed := AsError(err)
	if failed == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keep(failed)
}

// failed returns the failure that callers get without another read, or nil.
func (s *snapshot[T]) failed() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if failed := s.standing(); failed != nil {
		return failed
	}
	return nil
}

// standing is failed for a caller who holds the lock.
func (s *snapshot[T]) standing() *Error {
	if s.failure == nil || !s.failure.final() && time.Since(s.failedAt) >= outageHold {
		return nil
	}
	return s.failure.again()
}

// manyFailures is how many writes of a kind must fail in a row until it is taken as not their fault.
const manyFailures = 5

// series is how the last writes of one kind have ended: an API that fails each of them does not cost
// retries for each, and what was not sent needs not be looked for.
type series struct {
	mu       sync.Mutex
	failures int // in a row, each with its retries
	last     *Error
	lastAt   time.Time
}

// standing returns the failure that a write gets without being sent, or nil.
func (s *series) standing() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failures < manyFailures || time.Since(s.lastAt) >= outageHold {
		return nil
	}
	return s.last.again()
}

// note notes how a write has ended.
func (s *series) note(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	failed := AsError(err)
	switch {
	case failed == nil:
		s.failures = 0
	case failed.Repeated, failed.Kind == Cancelled, failed.Kind == RateLimited: // it tells nothing
	case failed.concernsAll():
		s.failures++
		s.last, s.lastAt = failed, time.Now()
	default:
		s.failures = 0
	}
}
