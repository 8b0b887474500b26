//go:build !unix

package acctest

import "os/exec"

func detach(*exec.Cmd) {}

// alive cannot tell here, and assumes the best.
func alive(*exec.Cmd) bool { return false }

func kill(cmd *exec.Cmd) error { return cmd.Process.Kill() }
