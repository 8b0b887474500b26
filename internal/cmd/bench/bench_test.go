package main

import (
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func TestMedianIsNotMovedByOneSlowRun(t *testing.T) {
	for _, test := range []struct {
		samples samples
		want    float64
	}{
		{nil, 0},
		{samples{3}, 3},
		{samples{1, 2}, 1.5},
		{samples{99, 1, 2}, 2},
		{samples{4, 1, 3, 2}, 2.5},
	} {
		if got := test.samples.median(); got != test.want {
			t.Errorf("median of %v: %v, want %v", test.samples, got, test.want)
		}
	}
}

func TestSamplesAreComparedWithThoseOfTheirRound(t *testing.T) {
	// The second round ran on a busy machine, which is no difference between the two.
	row := compare("x, time", samples{1, 20, 4}, samples{2, 30, 4}, 0.66)
	if math.Abs(row.measured-2.0/3) > 1e-9 || !row.missed() {
		t.Errorf("%+v", row)
	}
	if !compare("not measured", samples{0}, samples{0}, 1).missed() {
		t.Error("what was not measured holds")
	}
}

func TestTheTableShowsEachNumberBesideItsLimit(t *testing.T) {
	got := markdown([]row{
		{what: "at the limit", measured: 1000, limit: 1000, unit: count, detail: "a"},
		{what: "over it", measured: 1.31, limit: 1.3, unit: ratio, detail: "b"},
		{what: "for information", measured: 1234567, unit: bytes, detail: "c"},
	})
	want := `| what | measured | limit | | how |
| --- | ---: | ---: | --- | --- |
| at the limit | 1,000 | 1,000 | holds | a |
| over it | 1.31 × | 1.30 × | **missed** | b |
| for information | 1,234,567 B | none |  | c |
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestARatioThatIsMissedByLittleDoesNotLookHeld(t *testing.T) {
	got := markdown([]row{{what: "x", measured: 1.3001, limit: 1.3, unit: ratio}})
	if !strings.Contains(got, "**missed**") || !strings.Contains(got, "1.31 ×") {
		t.Error(got)
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0", 999: "999", 1000: "1,000", 20_000: "20,000", 1_234_567: "1,234,567", -100: "-100", -1000: "-1,000",
	} {
		if got := thousands(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

func TestRefusedByWindow(t *testing.T) {
	began := time.Date(2025, 11, 24, 9, 30, 0, 0, time.UTC)
	at := func(status int, seconds ...float64) []tidiomock.Request {
		var log []tidiomock.Request
		for _, s := range seconds {
			log = append(log, tidiomock.Request{
				Status: status, Time: began.Add(time.Duration(s * float64(time.Second))),
			})
		}
		return log
	}
	const let, refused = http.StatusCreated, http.StatusTooManyRequests
	for name, test := range map[string]struct {
		log  []tidiomock.Request
		want []int
	}{
		"nothing was sent":     {nil, nil},
		"none was refused":     {at(let, 0, 1, 61), []int{0, 0}},
		"refused in the first": {slices.Concat(at(let, 0, 1, 2), at(refused, 3, 4), at(let, 60)), []int{2, 0}},
		"a window begins with what is let through, not with the minute": {
			slices.Concat(at(let, 0), at(let, 90, 91, 92), at(refused, 121), at(let, 151)), []int{0, 1, 0},
		},
		"refused by the window before, a moment after the log's minute": {
			slices.Concat(at(let, 0, 1, 2), at(refused, 60), at(let, 60.01)), []int{1, 0},
		},
		"let through a moment before the log's minute": {
			slices.Concat(at(let, 0, 1, 2), at(let, 59.999, 60, 61), at(refused, 62)), []int{0, 1},
		},
	} {
		if got := refusedByWindow(test.log, 3, time.Minute); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

func TestLeastTimeWaitsOutAllWindowsButTheLast(t *testing.T) {
	for requests, want := range map[int]time.Duration{
		1: 0, 60: 0, 61: time.Minute, 120: time.Minute, 302: 5 * time.Minute,
	} {
		if got := leastTime(requests, 60, time.Minute); got != want {
			t.Errorf("%d requests: %s, want %s", requests, got, want)
		}
	}
}

func TestChoose(t *testing.T) {
	for numbers, want := range map[string]int{"": len(groups), "1": 1, "1, 3": 2} {
		picked, err := choose(numbers)
		if err != nil || len(picked) != want {
			t.Errorf("%q: %d groups, %v", numbers, len(picked), err)
		}
	}
	for _, wrong := range []string{"0", "6", "x", "1,"} {
		if _, err := choose(wrong); err == nil {
			t.Errorf("%q was accepted", wrong)
		}
	}
}
