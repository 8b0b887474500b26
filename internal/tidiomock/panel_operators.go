package tidiomock

import "fmt"

// AddOperator adds an operator at the end of the list, with a new id unless it brings one, and
// returns it. It panics when the id is taken.
func (m *Mock) AddOperator(o Operator) Operator {
	if o.ID == "" {
		o.ID = newID("oper_")
	}
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	if !m.store.operators.append(&o) {
		panic(fmt.Sprintf("tidiomock: operator %q is there already", o.ID))
	}
	return o
}
