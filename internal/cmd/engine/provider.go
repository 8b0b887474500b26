package engine

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// Provider is a provider's process that engines attach to, instead of starting one of their own. It
// lives until it is stopped, and then tells what it has used.
type Provider struct {
	// Reattach is the setting, KEY=value, that makes an engine attach to it.
	Reattach string

	cmd    *exec.Cmd
	cancel context.CancelFunc
}

// StartProvider starts a provider's binary, with KEY=value settings, and waits until it can be
// attached to. The caller stops it; so does the end of the context.
func StartProvider(ctx context.Context, binary string, env ...string) (*Provider, error) {
	running, cancel := context.WithCancel(ctx)
	cmd := exec.CommandContext(running, binary, "-debug")
	cmd.Env = append(cleanEnv(os.Environ()), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	detach(cmd)
	cmd.Cancel = func() error { return interrupt(cmd.Process) }
	cmd.WaitDelay = patience
	p := &Provider{cmd: cmd, cancel: cancel}

	stdout, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		cancel()
		return nil, err
	}
	if p.Reattach = announced(stdout); p.Reattach == "" {
		p.Stop()
		return nil, errors.Join(context.Cause(ctx),
			fmt.Errorf("%s ended instead of waiting for an engine\n%s", binary, stderr.String()))
	}
	go func() { _, _ = io.Copy(io.Discard, stdout) }() // a full pipe would stop it
	return p, nil
}

// announced reads what a provider prints until it says how to attach to it: "" if it never does.
func announced(stdout io.Reader) (setting string) {
	const name = "TF_REATTACH_PROVIDERS="
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		// Quoted for a shell.
		if value, found := strings.CutPrefix(strings.TrimSpace(lines.Text()), name); found {
			return name + strings.ReplaceAll(strings.Trim(value, "'"), `'"'"'`, "'")
		}
	}
	return ""
}

// Stop ends the process and returns what it has used.
func (p *Provider) Stop() *os.ProcessState {
	p.cancel()
	_ = p.cmd.Wait() // says that it was stopped
	killGroup(p.cmd)
	return p.cmd.ProcessState
}
