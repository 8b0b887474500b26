package tidiomock

type publishedOperatorJSON struct {
	operatorJSON
	Picture *string `json:"picture"`
}

func (m *Mock) publishedOperatorRoutes() []*route {
	operators := publishedListing(m, &m.store.operators, func() *Operator {
		invented := inventOperator()
		invented.ID = newUUID()
		return invented
	})
	return []*route{
		m.cursorRoute("/operators", "operators", func(*call) collection {
			return listOf(m, operators)
		}),
	}
}

func (o *Operator) published(m *Mock) any {
	return m.trim(publishedOperatorJSON{o.json().(operatorJSON), orNull(&o.Picture)}, "id")
}
