package probe

import (
	"fmt"
	"os"
	"strconv"
	"time"
)

// DefaultTimeout is what a site has to answer in, unless PROBE_TIMEOUT says otherwise.
const DefaultTimeout time.Duration = 30

// TimeoutFromEnvironment reads PROBE_TIMEOUT, in seconds.
func TimeoutFromEnvironment() (time.Duration, error) {
	text := os.Getenv("PROBE_TIMEOUT")
	if text == "" {
		return DefaultTimeout, nil
	}
	seconds, err := strconv.Atoi(text)
	if err != nil || seconds <= 0 {
		return 0, fmt.Errorf("PROBE_TIMEOUT: %q is not a number of seconds", text)
	}
	return time.Duration(seconds) * time.Second, nil
}
