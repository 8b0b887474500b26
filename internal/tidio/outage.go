package tidio

import "time"

// outageHold is how long callers get the error of a read whose retries were exhausted, before
// another read is tried: an API that is down costs one round of retries, not one per object.
const outageHold = time.Minute

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
	return s.failure
}
