//go:build unix

package main

import (
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tidio-community/terraform-provider-tidio/internal/tidiomock"
)

func TestMedian_isNotMovedByOneSlowRun(t *testing.T) {
	if got := (samples{99, 1, 2}).median(); got != 2 {
		t.Errorf("got %v", got)
	}
}

func TestTable(t *testing.T) {
	b := &bench{}
	b.add("at the limit", 10, 10, count, "a")
	b.add("over it by little", 1.3001, 1.3, ratio, "b")
	b.add("for information", 21.04, 0, "%.1f MB", "c")
	b.add("not measured", math.NaN(), 1, ratio, "d")
	// The second round ran on a busy machine, which is no difference between the two.
	b.compare("time", samples{1, 20, 4}, samples{2, 30, 4}, 0.67, "; e")
	want := `| at the limit | 10 | 10 | holds | a |
| over it by little | 1.31 × | 1.30 × | **missed** | b |
| for information | 21.0 MB | none |  | c |
| not measured | NaN × | 1.00 × | **missed** | d |
| time over an empty provider's | 0.67 × | 0.67 × | holds | 4.00 s (1.00 to 20.00) over 4.00 s (2.00 to 30.00); ` +
		"median of 3 pairs (0.50 × to 1.00 ×); e |\n"
	if got := b.table.String(); got != want || b.missed != 2 {
		t.Errorf("got %d missed\n%s\nwant\n%s", b.missed, got, want)
	}
}

func TestRefused_countsByMinuteOfTheLimit(t *testing.T) {
	var log []tidiomock.Request
	add := func(n, status int) {
		log = append(log, slices.Repeat([]tidiomock.Request{{Status: status}}, n)...)
	}
	add(perMinute, http.StatusCreated)
	add(6, http.StatusTooManyRequests)
	add(perMinute-1, http.StatusCreated) // the last one was not used, and the next minute began
	add(2, http.StatusCreated)
	add(1, http.StatusTooManyRequests)
	if got, want := refused(log), []int{6, 0, 1}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestWith_writesConfigurationAndStateOfTheSameObjects(t *testing.T) {
	s := setup{}.with("tidio_contact", "example.com/a/b", 2, 20, "\n  name = \"c N\"", `"id": "c N"`)
	if want := `name = "c ${1000000 + count.index * 20}"`; !strings.Contains(s.config, want) {
		t.Errorf("%s is not in %s", want, s.config)
	}
	if want := `"attributes": {"id": "c 1000020"}`; !strings.Contains(s.state, want) {
		t.Errorf("%s is not in %s", want, s.state)
	}
}
