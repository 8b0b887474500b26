//go:build !unix

package main

import "time"

// childCPU cannot tell here.
func childCPU() time.Duration { return 0 }
