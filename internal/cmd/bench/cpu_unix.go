//go:build unix

package main

import (
	"syscall"
	"time"
)

// childCPU returns the CPU time of all child processes that have ended, with that of the processes they
// waited for. An engine waits for its providers.
func childCPU() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
