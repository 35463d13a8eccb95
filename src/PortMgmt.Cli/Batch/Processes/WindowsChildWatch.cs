using System.Runtime.Versioning;

namespace PortMgmt.Cli.Batch.Processes;

/// <summary>
/// Sees one child through: feeds its input and drains both outputs at once, so that no side waits for the other, until the process
/// has ended. One thread, which waits for everything that can happen, and needs no other.
/// </summary>
[SupportedOSPlatform("windows")]
internal unsafe ref struct WindowsChildWatch
{
    /// <summary>How long the output may be kept open after the process's end by what it started.</summary>
    private const int LingerMilliseconds = 250;

    private readonly WindowsChild _child;
    private readonly OutputBuffer _output;
    private readonly OutputBuffer _error;
    private readonly nint _cancelled;
    private ReadOnlySpan<byte> _input;
    private bool _hasEnded;
    private bool _isStopping;
    private long _due = long.MaxValue;

    /// <summary>Begins to watch.</summary>
    /// <param name="child">The child.</param>
    /// <param name="input">What it gets on standard input.</param>
    /// <param name="output">Gathers its standard output.</param>
    /// <param name="error">Gathers its standard error.</param>
    /// <param name="cancelled">An event that is signalled to end it.</param>
    public WindowsChildWatch(WindowsChild child, byte[] input, OutputBuffer output, OutputBuffer error, nint cancelled)
    {
        _child = child;
        _input = input;
        _output = output;
        _error = error;
        _cancelled = cancelled;
    }

    /// <summary>
    /// Waits for the end of the process, and takes what it wrote. What it wrote itself is in the pipes by then, and they are emptied;
    /// what others add to them later is waited for a moment.
    /// </summary>
    /// <returns>Its exit code.</returns>
    public int WaitToEnd()
    {
        _child.Output.BeginRead();
        _child.Error.BeginRead();
        Feed();
        while (!_hasEnded || !(IsSilent() || (IsDue() && IsEmpty())))
        {
            Step();
        }

        if (_isStopping)
        {
            _child.Kill();
        }

        Add(_output, _child.Output.Close());
        Add(_error, _child.Error.Close());
        return _child.ExitCode;
    }

    private readonly bool IsSilent() => _child.Output.IsClosed && _child.Error.IsClosed;

    private readonly bool IsDue() => Environment.TickCount64 >= _due;

    private readonly bool IsEmpty() => (_child.Output.IsClosed || _child.Output.IsWaiting) && (_child.Error.IsClosed || _child.Error.IsWaiting);

    private void Step()
    {
        nint* handles = stackalloc nint[5];
        uint count = 0;
        uint output = Watch(handles, ref count, _child.Output.IsClosed, _child.Output.Ready);
        uint error = Watch(handles, ref count, _child.Error.IsClosed, _child.Error.Ready);
        uint input = Watch(handles, ref count, _child.Input.IsClosed, _child.Input.Ready);
        uint stop = Watch(handles, ref count, _isStopping, _cancelled);
        uint end = Watch(handles, ref count, _hasEnded, _child.EndWatch);
        uint first = WindowsCalls.WaitForAny(count, handles, 0, TimeToWait());
        if (first == output)
        {
            Drain(_child.Output, _output);
        }
        else if (first == error)
        {
            Drain(_child.Error, _error);
        }
        else if (first == input)
        {
            _input = _input[_child.Input.End().Length..];
            Feed();
        }
        else if (first == stop)
        {
            Stop();
        }
        else if (first == end)
        {
            _hasEnded = true;
            _child.Input.Close();
            _due = Environment.TickCount64 + (_isStopping ? 0 : LingerMilliseconds);
        }
    }

    /// <summary>Adds a handle to those that are waited for; gives its place, or one that no wait gives.</summary>
    private static uint Watch(nint* handles, ref uint count, bool leaveOut, nint handle)
    {
        if (leaveOut)
        {
            return uint.MaxValue;
        }

        handles[count] = handle;
        return count++;
    }

    private readonly uint TimeToWait() =>
        _due == long.MaxValue ? WindowsCalls.Infinite : (uint)Math.Max(0, _due - Environment.TickCount64);

    private readonly void Feed()
    {
        if (_input.IsEmpty)
        {
            _child.Input.Close();
        }
        else
        {
            _child.Input.BeginWrite(_input);
        }
    }

    /// <summary>Takes what was read, and reads on. What goes beyond the bound ends the child.</summary>
    private void Drain(WindowsPipe pipe, OutputBuffer buffer)
    {
        Add(buffer, pipe.End());
        if (buffer.IsOver)
        {
            pipe.Close();
            Stop();
        }
        else if (!pipe.IsClosed)
        {
            pipe.BeginRead();
        }
    }

    private static void Add(OutputBuffer buffer, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(buffer.Reserve(bytes.Length));
        buffer.Advance(bytes.Length);
    }

    private void Stop()
    {
        if (!_isStopping)
        {
            _isStopping = true;
            _child.Kill();
        }
    }
}
