package tidio

import "context"

// looksToBelieve is how many single looks at least have to confirm what the list says before it is
// taken as proof that an object is gone. A list of more pages needs as many as it has: the more
// there are, the sooner one item leaves and another comes between two of them, unnoticed.
const looksToBelieve = 5

// find returns one object from the list. A miss is a hint, not proof: before it is NotFound, the
// object itself is looked at, until enough of those looks have confirmed a complete list.
func (s *snapshot[T]) find(ctx context.Context, id string) (item T, err error) {
	if item, known := s.known(id); known {
		return item, nil
	}
	if err := s.await(ctx); err != nil {
		return item, err
	}
	if item, known := s.known(id); known {
		return item, nil
	}
	if err := s.looking.take(ctx); err != nil {
		return item, s.call(id).because(Cancelled, err)
	}
	defer s.looking.give()
	if item, known := s.known(id); known { // by another's look
		return item, nil
	}
	if s.believed(id) {
		return item, s.call(id).with(NotFound, "the list does not hold it, and was right about others")
	}
	return s.single(ctx, id)
}

// single reads one object by itself.
func (s *snapshot[T]) single(ctx context.Context, id string) (T, error) {
	before := s.writes(id)
	item, err := s.look(ctx, id)
	s.mu.Lock()
	defer s.mu.Unlock()
	_, listed := s.list.at[id]
	missed := s.list.whole && !listed && !s.list.touched[id]
	overtaken := s.written[id] != before // by a write: this says how it was before
	switch {
	case IsNotFound(err) && missed:
		s.gone[id] = true
	case IsNotFound(err) && !overtaken:
		s.note(func(l *listing[T]) { l.drop(id) })
	case err == nil:
		s.list.complete = s.list.complete && !missed // it was wrong
		if !overtaken {
			s.note(func(l *listing[T]) { l.put(item) })
		}
	}
	return item, err
}

// believed reports whether an object that the list lacks is gone: it was looked at, or so many others
// were that the list proves it.
func (s *snapshot[T]) believed(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.list.touched[id] && (s.gone[id] ||
		s.list.whole && s.list.complete && len(s.gone) >= max(looksToBelieve, s.list.pages))
}
