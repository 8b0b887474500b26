package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// row is a line of the table.
type row struct {
	what     string
	measured float64
	limit    float64 // the most that it may be; 0 = it is for information
	unit     unit
	detail   string
}

// unit writes a number as people read it.
type unit func(float64) string

// ratio is rounded up: one that misses its limit must not look as if it held.
func ratio(r float64) string { return fmt.Sprintf("%.2f ×", math.Ceil(r*100-1e-6)/100) }

func count(n float64) string { return thousands(int64(n)) }

func bytes(n float64) string { return thousands(int64(n)) + " B" }

func megabytes(n float64) string { return fmt.Sprintf("%.1f MB", n/1e6) }

// missed is true for what could not be measured, too.
func (r row) missed() bool { return r.limit > 0 && (r.measured > r.limit || math.IsNaN(r.measured)) }

// markdown is the table, which a README can hold as it is.
func markdown(rows []row) string {
	var table strings.Builder
	table.WriteString("| what | measured | limit | | how |\n| --- | ---: | ---: | --- | --- |\n")
	for _, r := range rows {
		limit, verdict := "none", ""
		if r.limit > 0 {
			limit, verdict = r.unit(r.limit), "holds"
		}
		if r.missed() {
			verdict = "**missed**"
		}
		fmt.Fprintf(&table, "| %s | %s | %s | %s | %s |\n", r.what, r.unit(r.measured), limit, verdict, r.detail)
	}
	return table.String()
}

// thousands writes 1234567 as 1,234,567.
func thousands(n int64) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// samples are what one thing took, time and again.
type samples []float64

// took adds a time, in seconds.
func (s *samples) took(d time.Duration) { *s = append(*s, d.Seconds()) }

// over divides each sample by the one of the same round.
func (s samples) over(other samples) samples {
	ratios := make(samples, len(s))
	for i := range s {
		ratios[i] = s[i] / other[i]
	}
	return ratios
}

// median is what half of the samples are below: one slow run does not move it.
func (s samples) median() float64 {
	sorted := slices.Sorted(slices.Values(s))
	n := len(sorted)
	if n == 0 {
		return 0
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// String is the median with its spread: "1.31 s (1.28 to 1.36)".
func (s samples) String() string {
	if len(s) == 1 {
		return fmt.Sprintf("%.2f s", s[0])
	}
	return fmt.Sprintf("%.2f s (%.2f to %.2f)", s.median(), slices.Min(s), slices.Max(s))
}
