package tidio

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func TestCreateProperty_thatIsRefused(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		kind   Kind
		sent   []string
	}{
		"wrong key":        {http.StatusUnauthorized, Unauthorized, []string{post}},
		"lower plan":       {http.StatusForbidden, Forbidden, []string{post}},
		"wrong address":    {http.StatusNotFound, WrongEndpoint, []string{post}},
		"redirect":         {http.StatusFound, WrongEndpoint, []string{post}},
		"invalid":          {http.StatusBadRequest, BadRequest, []string{post}},
		"not processable":  {http.StatusUnprocessableEntity, BadRequest, []string{post}},
		"a conflict is by": {http.StatusConflict, BadRequest, []string{post, look}},
	} {
		t.Run(name, func(t *testing.T) {
			client, api := newFake(t, func(req *http.Request) *http.Response {
				if req.Method == http.MethodPost {
					return response(test.status, `{"message":"The type is wrong."}`)
				}
				return response(http.StatusOK, oneListedOther)
			})
			created, err := client.CreateProperty(t.Context(), plan, PropertyList{Complete: true})
			failed := failure(t, err, test.kind)
			equal(t, "created", created, CreatedProperty{})
			equal(t, "message", failed.Message, "The type is wrong.")
			equal(t, "may have landed", failed.OutcomeUnknown, false)
			equal(t, "hidden", failed.Hidden, test.status == http.StatusConflict)
			same(t, "requests", api.sent(), test.sent)
		})
	}
}

const oneListedOther = `{"data":[{"id":"p9","name":"other","type":"text"}],"meta":{"total":1,"page":1}}`

func TestMeansTaken_byTheWordsOfARefusal(t *testing.T) {
	for message, want := range map[string]bool{
		"A property with the name plan already exists.": true,
		"Name is TAKEN":         true,
		"name must be unique":   true,
		"The name is too long.": false,
		"":                      false,
	} {
		equal(t, message, meansTaken(&Error{Status: http.StatusBadRequest, Message: message}), want)
	}
}

// What is not known to be absent is not sent again, and what failed first is what is told.
func TestCreateProperty_whoseOutcomeStaysUnknown(t *testing.T) {
	for name, test := range map[string]struct {
		faults []tidiomock.Fault // after the POST that fails
		steps  []string
	}{
		"the list is incomplete": {
			[]tidiomock.Fault{{Method: http.MethodGet, Skip: 1, Times: -1, Do: tidiomock.InsertBetween}},
			nil, // it grows with each look
		},
		"the list fails": {
			[]tidiomock.Fault{{Method: http.MethodGet, Do: tidiomock.FailBefore, Status: 503, Times: 3}},
			[]string{post, look, look, look},
		},
		"the list cannot be read": {
			[]tidiomock.Fault{{Method: http.MethodGet, Do: tidiomock.HTML}},
			[]string{post, look},
		},
		"the second POST is refused the key": {
			[]tidiomock.Fault{{Method: http.MethodPost, Do: tidiomock.FailBefore, Status: 401}},
			[]string{post, look, look + "?page=2", post},
		},
		"the second POST is refused": {
			[]tidiomock.Fault{{Method: http.MethodPost, Do: tidiomock.FailBefore, Status: 422}},
			[]string{post, look, look + "?page=2", post, look, look + "?page=2"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newAccount(t, tidiomock.Config{PageSize: 2}, nil)
				for _, other := range []string{"a", "b", "c", "d"} {
					api.mock.AddProperty(tidiomock.Property{Name: other, Type: "text"})
				}
				api.arm(t, tidiomock.Fault{Method: http.MethodPost, Do: tidiomock.FailBefore, Message: "first"})
				api.arm(t, test.faults...)
				_, err := api.CreateProperty(t.Context(), plan, api.listed())
				failed := AsError(err)
				if failed == nil {
					t.Fatal("it succeeded")
				}
				equal(t, "method", failed.Method, http.MethodPost)
				equal(t, "may have landed", failed.OutcomeUnknown, true)
				if test.steps != nil {
					same(t, "requests", api.steps(), test.steps)
				}
				equal(t, "POSTs", api.mock.Count(http.MethodPost, "/properties"), max(1, count(test.steps, post)))
			})
		})
	}
}

func count(steps []string, step string) (n int) {
	for _, s := range steps {
		if s == step {
			n++
		}
	}
	return n
}

// One look at a list that is growing proves nothing; it is looked at again before that is said.
func TestCreateProperty_readsAgainWhileTheListChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{PageSize: 2}, nil)
		for _, other := range []string{"a", "b", "c", "d"} {
			api.mock.AddProperty(tidiomock.Property{Name: other, Type: "text"})
		}
		api.arm(t, tidiomock.Fault{Method: http.MethodPost, Do: tidiomock.FailBefore})
		api.arm(t, tidiomock.Fault{Method: http.MethodGet, Skip: 1, Do: tidiomock.DeleteBetween})
		created, err := api.CreateProperty(t.Context(), plan, api.listed())
		succeeds(t, err)
		there, _ := api.mock.Property("plan")
		equal(t, "id", created.ID, there.ID)
		equal(t, "POSTs", api.mock.Count(http.MethodPost, "/properties"), 2)
	})
}

// listed are the account's properties as a list has them that nobody changes.
func (a account) listed() PropertyList {
	list := PropertyList{Complete: true}
	for _, p := range a.mock.Properties() {
		list.Items = append(list.Items, Property{ID: p.ID, Name: p.Name, Label: p.Label, Type: p.Type})
	}
	return list
}

// An API that rewrites names would be sent one property after another if each time the name is looked for that was
// sent. A new property that nobody explains stops that.
func TestCreateProperty_rewrittenAndItsOutcomeUnknown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rewrite := func(name string) string { return strings.ToUpper(name) + "_1" }
		api := newAccount(t, tidiomock.Config{Rewrite: rewrite}, nil)
		api.mock.AddProperty(tidiomock.Property{Name: "old", Type: "text"})
		before := api.listed()

		// What this client has created is explained, by its reply or by the name that it sent.
		mine, err := api.CreateProperty(t.Context(), NewProperty{Name: "mine", Type: "text"}, before)
		succeeds(t, err)
		equal(t, "name", mine.Name, "MINE_1")
		api.arm(t, tidiomock.Fault{Method: http.MethodPost, Do: tidiomock.FailBefore})
		_, err = api.CreateProperty(t.Context(), plan, before)
		succeeds(t, err)

		api.arm(t, tidiomock.Fault{Method: http.MethodPost, Do: tidiomock.FailAfter})
		_, err = api.CreateProperty(t.Context(), NewProperty{Name: "seats", Type: "text"}, before)
		failed := failure(t, err, ServerError)
		if failed.Unexplained == nil {
			t.Fatal("the new property is not named")
		}
		equal(t, "unexplained", failed.Unexplained.Name, "SEATS_1")
		equal(t, "properties", len(api.mock.Properties()), 4)

		// A list that may have missed something proves nothing.
		equal(t, "unknown", api.listed().newSince(PropertyList{}, api.posted.explains), nil)
	})
}

// interrupt cancels a create while its POST is held, and lets go of it then.
func interrupt(t *testing.T, config tidiomock.Config, fault tidiomock.Fault) (account, CreatedProperty, error) {
	t.Helper()
	api := newAccount(t, config, nil)
	reached, release := make(chan struct{}, 1), make(chan struct{})
	fault.Method, fault.Reached, fault.Release = http.MethodPost, reached, release
	api.arm(t, fault)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-reached
		cancel()
		synctest.Wait()
		close(release)
	}()
	created, err := api.CreateProperty(ctx, plan, PropertyList{Complete: true})
	return api, created, err
}

func TestCreateProperty_interruptedDuringASlowPost(t *testing.T) {
	t.Run("waits for its reply", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			api, created, err := interrupt(t, tidiomock.Config{}, tidiomock.Fault{Do: tidiomock.HoldBefore})
			succeeds(t, err)
			api.isThere(t, created)
			same(t, "requests", api.steps(), []string{post})
		})
	})
	t.Run("finds out what became of it", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			config := tidiomock.Config{Replies: tidiomock.Replies{Write: tidiomock.EmptyBody}}
			api, created, err := interrupt(t, config, tidiomock.Fault{Do: tidiomock.HoldAfter})
			succeeds(t, err)
			api.isThere(t, created)
			equal(t, "claimed", created.Recovered, true)
			same(t, "requests", api.steps(), []string{post, look})
		})
	})
}

func TestCreateProperty_interruptedBeforeTheNextTry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{}, nil)
		api.arm(t, tidiomock.Fault{Method: http.MethodPost, Do: tidiomock.FailBefore})
		ctx, cancel := context.WithTimeout(t.Context(), firstTries)
		defer cancel()
		_, err := api.CreateProperty(ctx, plan, PropertyList{Complete: true})
		equal(t, "may have landed", failure(t, err, ServerError).OutcomeUnknown, true)
		same(t, "requests", api.steps(), []string{post, look})
		equal(t, "properties", len(api.mock.Properties()), 0)
	})
}

// firstTries is less than any wait before a retry, and more than the requests before it take on the
// fake clock: nothing.
const firstTries = 1

// Creates at once share a client; none is lost, and none is there twice.
func TestCreateProperty_manyOverAFaultyAPI(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{RequestsPerMinute: 20, PageSize: 10}, func(o *Options) { o.MaxRetries = 5 })
		var faults []tidiomock.Fault
		for _, do := range []tidiomock.FaultKind{
			tidiomock.FailBefore, tidiomock.FailAfter, tidiomock.CutBefore, tidiomock.CutAfter, tidiomock.CutBody,
			tidiomock.TruncatedJSON, tidiomock.Garbage, tidiomock.HTML, tidiomock.HoldAfter, tidiomock.TooManyRequests,
		} {
			faults = append(faults, tidiomock.Fault{Method: http.MethodPost, Skip: 2, Do: do})
		}
		api.arm(t, faults...)
		const n = 40
		errs := make(chan error, n)
		for i := range n {
			go func() {
				in := NewProperty{Name: string(rune('A' + i)), Label: "Label", Type: "text"}
				_, err := api.CreateProperty(t.Context(), in, PropertyList{Complete: true})
				errs <- err
			}()
		}
		failed := 0
		for range n {
			if err := <-errs; err != nil {
				// A list that grows while it is read proves nothing: then it is said that nobody
				// knows.
				equal(t, "may have landed", failure(t, err, AsError(err).Kind).OutcomeUnknown, true)
				failed++
			}
		}
		if failed > len(faults) {
			t.Errorf("%d creates failed over %d faults", failed, len(faults))
		}
		names := map[string]bool{}
		for _, p := range api.mock.Properties() {
			if names[p.Name] {
				t.Errorf("%q is there twice", p.Name)
			}
			names[p.Name] = true
		}
		if len(names) < n-failed {
			t.Errorf("%d creates succeeded, and %d properties are there", n-failed, len(names))
		}
	})
}

// What is refused for another reason than its name is not looked for.
func TestCreateProperty_refusedForAnotherReasonIsNotLookedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newAccount(t, tidiomock.Config{PageSize: 10}, nil)
		api.addProperties(100)
		api.arm(t, tidiomock.Fault{
			Method: http.MethodPost, Do: tidiomock.FailBefore, Status: http.StatusBadRequest, Times: -1,
			Message: "Your plan has room for 100 properties.",
		})
		for i := range 50 {
			_, err := api.CreateProperty(t.Context(), NewProperty{Name: fmt.Sprintf("new %d", i), Type: "text"}, PropertyList{Complete: true})
			fails(t, err, BadRequest)
		}
		equal(t, "requests", len(api.sent()), 50)
	})
}
