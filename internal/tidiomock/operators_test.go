package tidiomock_test

import (
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func TestOperators(t *testing.T) {
	const (
		ines = `{"id":"1","name":"Ines","email":"ines@example.com","role":"owner",` +
			`"active":true,"last_seen":"2026-03-12T16:40:05Z"}`
		night = `{"id":"a/b","name":"Night shift","email":null,"role":null,` +
			`"active":false,"last_seen":null}`
	)
	for _, test := range []struct {
		name        string
		replies     tidiomock.Replies
		list        string
		first, last string
	}{
		{"full", tidiomock.Replies{}, ines + "," + night, ines, night},
		{
			"wrapped",
			tidiomock.Replies{WrapSingle: true},
			ines + "," + night, `{"data":` + ines + `}`, `{"data":` + night + `}`,
		},
		{
			"required fields",
			tidiomock.Replies{OmitOptional: true},
			`{"id":"1"},{"id":"a/b"}`, `{"id":"1"}`, `{"id":"a/b"}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := start(t, tidiomock.Config{Replies: test.replies})
			s.AddOperator(tidiomock.Operator{
				ID: "1", Name: "Ines", Email: "ines@example.com", Role: "owner",
				Active: true, LastSeen: "2026-03-12T16:40:05Z",
			})
			s.AddOperator(tidiomock.Operator{ID: "a/b", Name: "Night shift"})
			s.get(t, "/operators").
				wants(t, 200, `{"data":[`+test.list+`],"meta":{"total":2,"page":1}}`)
			s.get(t, "/operators/1").wants(t, 200, test.first)
			s.get(t, "/operators/a%2Fb").wants(t, 200, test.last)
			s.get(t, "/operators/2").wants(t, 404, `{"message":"There is no such operator."}`)
		})
	}
}

func TestAddOperator(t *testing.T) {
	s := start(t, tidiomock.Config{})
	added := s.AddOperator(tidiomock.Operator{Name: "Ines"})
	s.get(t, "/operators/"+added.ID).wants(t, 200)
	mustPanic(t, "id taken", func() { s.AddOperator(added) })
}
