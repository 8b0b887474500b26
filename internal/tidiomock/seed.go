package tidiomock

import _ "embed"

//go:embed seed.json
var seed []byte

// Seed fills an empty account with what a support team would have, as in seed.json: properties of all five
// types, operators, contacts with values, and what they said to each other. The ids are always the same, so
// that a state file outlives the mock; they are v1's, over which the account was made. Nobody in it exists.
// Which properties Tidio itself brings along is not documented: the default ones are examples.
func (m *Mock) Seed() {
	var account struct {
		Properties    []Property
		Operators     []Operator
		Departments   []Department
		Contacts      []Contact
		Conversations []struct {
			Conversation
			Messages []Message
		}
		Tickets []Ticket
	}
	if err := decode(seed, &account); err != nil {
		panic("tidiomock: seed.json: " + err.Error())
	}
	each(account.Properties, m.AddProperty)
	each(account.Operators, m.AddOperator)
	each(account.Departments, m.AddDepartment)
	each(account.Contacts, m.AddContact)
	for _, c := range account.Conversations {
		m.AddConversation(c.Conversation)
		m.AddMessages(c.ID, c.Messages...)
	}
	each(account.Tickets, m.AddTicket)
}

func each[T any](all []T, add func(T) T) {
	for _, one := range all {
		add(one)
	}
}
