using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace PortMgmt.Cli.Batch.Processes;

/// <summary>
/// A pipe to a child. Our end does not block: what was begun on it signals <see cref="Ready"/> when it is done. One call is under way
/// at a time, into or out of memory that stays where it is until then. Not thread-safe.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class WindowsPipe : IDisposable
{
    private const int Size = 16 << 10;

    private readonly SafeFileHandle _ours;
    private readonly ManualResetEvent _ready = new(initialState: false);
    private readonly byte* _buffer = (byte*)NativeMemory.Alloc(Size);
    private readonly NativeOverlapped* _call = (NativeOverlapped*)NativeMemory.AllocZeroed((nuint)sizeof(NativeOverlapped));
    private bool _isUnderWay;

    private WindowsPipe(SafeFileHandle ours, SafeFileHandle theirs)
    {
        _ours = ours;
        Theirs = theirs;
    }

    /// <summary>The child's end, which it inherits; closed here once the child has it.</summary>
    public SafeFileHandle Theirs { get; }

    /// <summary>Whether there is nothing to come, or nothing to go, any more.</summary>
    public bool IsClosed => _ours.IsClosed;

    /// <summary>Signalled when the call is done.</summary>
    public nint Ready => _ready.SafeWaitHandle.DangerousGetHandle();

    /// <summary>Whether a call is under way and not done: the pipe is empty, or full.</summary>
    public bool IsWaiting => _isUnderWay && !_ready.WaitOne(0);

    /// <summary>Makes a pipe.</summary>
    /// <param name="toChild">Whether the child reads from it; else it writes to it.</param>
    /// <exception cref="IOException">The system refused.</exception>
    public static WindowsPipe Create(bool toChild)
    {
        string name = $@"\\.\pipe\portmgmt-{Guid.NewGuid():N}";
        uint mode = (toChild ? WindowsCalls.Outbound : WindowsCalls.Inbound) | WindowsCalls.Overlapped;
        SafeFileHandle ours = WindowsCalls.CreateNamedPipe(name, mode, WindowsCalls.LocalBytes, 1, Size, Size, 0, null);
        if (ours.IsInvalid)
        {
            throw Refused();
        }

        var inherited = new WindowsSecurity { Length = (uint)sizeof(WindowsSecurity), Inherit = 1 };
        SafeFileHandle theirs = WindowsCalls.OpenFile(name, toChild ? WindowsCalls.Read : WindowsCalls.Write, 0, &inherited, WindowsCalls.OpenExisting, 0, 0);
        if (theirs.IsInvalid)
        {
            IOException failure = Refused();
            ours.Dispose();
            throw failure;
        }

        return new WindowsPipe(ours, theirs);
    }

    /// <summary>Begins to read; closes the pipe when the child, and all that has its end, has closed it.</summary>
    public void BeginRead() => Begin(WindowsCalls.ReadFile(_ours, _buffer, Size, null, Prepare()));

    /// <summary>Begins to write as much as there is room for.</summary>
    public void BeginWrite(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> piece = bytes[..Math.Min(bytes.Length, Size)];
        piece.CopyTo(new Span<byte>(_buffer, Size));
        Begin(WindowsCalls.WriteFile(_ours, _buffer, (uint)piece.Length, null, Prepare()));
    }

    /// <summary>Takes what a call that is done has read, or tells how much it wrote; closes the pipe when the other end is closed.</summary>
    public ReadOnlySpan<byte> End()
    {
        if (!_isUnderWay)
        {
            return [];
        }

        uint done;
        _isUnderWay = false;
        if (WindowsCalls.GetResult(_ours, _call, &done, wait: 1) == 0)
        {
            Close();
            return [];
        }

        return new ReadOnlySpan<byte>(_buffer, (int)done);
    }

    /// <summary>Closes our end. What is under way is called off, and what it had read meanwhile is given.</summary>
    public ReadOnlySpan<byte> Close()
    {
        ReadOnlySpan<byte> last = [];
        if (_isUnderWay)
        {
            _ = WindowsCalls.Cancel(_ours, _call);
            last = End();
        }

        _ours.Dispose();
        return last;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        Theirs.Dispose();
        _ready.Dispose();
        NativeMemory.Free(_buffer);
        NativeMemory.Free(_call);
    }

    private static IOException Refused() => new($"There are no more pipes to be had: {WindowsCalls.LastMessage()}. Run fewer commands at once (--jobs).");

    private NativeOverlapped* Prepare()
    {
        *_call = new NativeOverlapped { EventHandle = Ready };
        return _call;
    }

    private void Begin(int succeeded)
    {
        // Done at once, the event is signalled all the same.
        _isUnderWay = succeeded != 0 || Marshal.GetLastPInvokeError() == WindowsCalls.Pending;
        if (!_isUnderWay)
        {
            Close();
        }
    }
}
