using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using PortMgmt.Cli.Run;

namespace PortMgmt.Cli.Batch.Processes;

/// <summary>
/// Sees one child through: feeds its input and drains both outputs at once, so that no side waits for the other, until the process
/// has ended. One thread, one poll(2) for everything that can happen.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal unsafe ref struct ChildWatch
{
    /// <summary>How long a process may take to end after SIGTERM before its group is killed.</summary>
    private const int TerminationMilliseconds = 500;

    /// <summary>How long the output may be kept open after the process's end by what it started: enough for <c>&gt; &gt;(tee log)</c>.</summary>
    private const int LingerMilliseconds = 250;

    /// <summary>How often to look whether the process has ended where the system cannot tell: while its output is open, and after.</summary>
    private const int SlowLookMilliseconds = 20;
    private const int QuickLookMilliseconds = 1;

    private const int LeastRead = 4096;

    private readonly UnixChild _child;
    private readonly OutputBuffer _output;
    private readonly OutputBuffer _error;
    private readonly WakePipe _wake;
    private InputFeed _input;
    private bool _hasEnded;
    private bool _isStopping;

    /// <summary>When the next thing is due that no descriptor tells: the kill, or the end of lingering.</summary>
    private long _due = long.MaxValue;

    public ChildWatch(UnixChild child, byte[] input, OutputBuffer output, OutputBuffer error, WakePipe wake)
    {
        _child = child;
        _output = output;
        _error = error;
        _wake = wake;
        _input = new InputFeed(child.Input, input);
    }

    private readonly bool IsSilent => _child.Output < 0 && _child.Error < 0;

    /// <summary>Waits for the end of the process, and takes what it wrote.</summary>
    /// <returns>The status as waitpid(2) has it.</returns>
    public int WaitToEnd()
    {
        if (_child.Input >= 0)
        {
            FeedInput();
        }

        while (!_hasEnded || !(IsSilent || IsDue()))
        {
            Step();
        }

        KillIfStopping();
        return _child.Reap();
    }

    private void Step()
    {
        PollDescriptor* descriptors = stackalloc PollDescriptor[5];
        descriptors[0] = new PollDescriptor { Descriptor = _child.Output, Events = PollDescriptor.Readable };
        descriptors[1] = new PollDescriptor { Descriptor = _child.Error, Events = PollDescriptor.Readable };
        descriptors[2] = new PollDescriptor { Descriptor = _child.Input, Events = PollDescriptor.Writable };
        descriptors[3] = new PollDescriptor { Descriptor = _hasEnded ? -1 : _child.EndWatch, Events = PollDescriptor.Readable };
        descriptors[4] = new PollDescriptor { Descriptor = _isStopping ? -1 : _wake.Descriptor, Events = PollDescriptor.Readable };
        if (ProcessCalls.Poll(descriptors, 5, TimeToWait()) > 0)
        {
            Handle(descriptors);
        }

        if (!_hasEnded && _child.EndWatch < 0)
        {
            RecordEnd(_child.HasEnded);
        }

        if (_isStopping && !_hasEnded && IsDue())
        {
            _child.SignalGroup(ProcessCalls.Kill);
            _due = long.MaxValue;
        }
    }

    private void Handle(PollDescriptor* descriptors)
    {
        if (descriptors[0].Returned != 0 && !Drain(_child.Output, _output))
        {
            _child.CloseOutput();
        }

        if (descriptors[1].Returned != 0 && !Drain(_child.Error, _error))
        {
            _child.CloseError();
        }

        if (descriptors[2].Returned != 0)
        {
            FeedInput();
        }

        if (descriptors[4].Returned != 0)
        {
            _wake.Clear();
            Stop();
        }

        // Last: when the process has ended, what it wrote before is already in the pipes, and they are drained once more.
        RecordEnd(descriptors[3].Returned != 0);
    }

    private void RecordEnd(bool hasEnded)
    {
        if (hasEnded)
        {
            _hasEnded = true;
            _child.CloseInput();
            KillIfStopping();
            _due = Environment.TickCount64 + LingerMilliseconds;
        }
    }

    private void FeedInput()
    {
        if (!_input.WriteNext())
        {
            _child.CloseInput();
        }
    }

    /// <summary>One read, which does not block since poll(2) said so. What goes beyond the bound ends the child.</summary>
    private bool Drain(int descriptor, OutputBuffer buffer)
    {
        Span<byte> room = buffer.Reserve(LeastRead);
        nint read;
        fixed (byte* start = room)
        {
            read = LibC.Read(descriptor, start, (nuint)room.Length);
        }

        if (read < 0)
        {
            return Marshal.GetLastPInvokeError() == LibC.Interrupted;
        }

        buffer.Advance((int)read);
        if (buffer.IsOver)
        {
            Stop();
            return false;
        }

        return read > 0;
    }

    private void Stop()
    {
        if (!_isStopping)
        {
            _isStopping = true;
            _child.SignalGroup(ProcessCalls.Terminate);
            _due = Environment.TickCount64 + (_hasEnded ? 0 : TerminationMilliseconds);
        }
    }

    /// <summary>Ends whoever of the group outlived its leader.</summary>
    private readonly void KillIfStopping()
    {
        if (_isStopping)
        {
            _child.SignalGroup(ProcessCalls.Kill);
        }
    }

    private readonly bool IsDue() => Environment.TickCount64 >= _due;

    private readonly int TimeToWait()
    {
        long wait = _due == long.MaxValue ? -1 : Math.Max(0, _due - Environment.TickCount64);
        if (_hasEnded || _child.EndWatch >= 0)
        {
            return (int)wait;
        }

        int look = IsSilent ? QuickLookMilliseconds : SlowLookMilliseconds;
        return wait < 0 ? look : (int)Math.Min(wait, look);
    }
}
