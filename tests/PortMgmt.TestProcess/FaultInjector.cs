using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using PortMgmt.Leases.Table;

namespace PortMgmt.TestProcess;

/// <summary>
/// Lets one kind of fault happen at the so many-th step of its process, or, where the process lives on, at every so many-th.
/// Says <c>fault KIND STEP</c> first, so that whoever watches knows what was hit. Used by one thread.
/// </summary>
/// <param name="fault">What goes wrong.</param>
/// <param name="interval">At which step.</param>
/// <param name="output">Where to say so.</param>
internal sealed partial class FaultInjector(Fault fault, int interval, TextWriter output)
{
    private const int CommitLength = 9;

    private int _steps;
    private bool _committed;

    /// <summary>Whether a fault came since this was last set to false.</summary>
    public bool Happened { get; set; }

    /// <summary>A step that is no write is about to be done.</summary>
    public void Before(string step)
    {
        if (fault is Fault.Kill or Fault.Stop && IsDue())
        {
            Strike(step);
        }
    }

    /// <summary>Does a write, or what goes wrong instead.</summary>
    public void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        string step = Name(offset, bytes.Length);

        // From the commit on, the room on the disk has been taken.
        bool mayHappen = fault is Fault.Kill or Fault.Stop or Fault.Tear or Fault.BadDisk || (fault == Fault.FullDisk && !_committed);
        if (mayHappen && IsDue())
        {
            if (fault == Fault.Tear)
            {
                RandomAccess.Write(file, bytes[..(bytes.Length / 2)], offset);
            }

            Strike(step);
        }

        RandomAccess.Write(file, bytes, offset);
        if (offset == TableLayout.JournalHeaderOffset)
        {
            _committed = bytes.Length == CommitLength;
        }
        else if (step == "clear")
        {
            _committed = false;
        }
    }

    /// <summary>Leaves the process without descriptors when that is due; to be disposed after the call.</summary>
    public IDisposable? BeforeCall()
    {
        Happened = false;
        if (fault != Fault.NoFiles || !IsDue())
        {
            return null;
        }

        Say("call");
        return new Descriptors(_steps % 3);
    }

    private bool IsDue() => ++_steps % interval == 0;

    private void Strike(string step)
    {
        Say(step);
        switch (fault)
        {
            case Fault.Kill or Fault.Tear:
                Signal(Environment.ProcessId, 9);
                Thread.Sleep(Timeout.Infinite);
                break;
            case Fault.Stop:
                Signal(Environment.ProcessId, 19);
                break;
            default:
                int error = fault == Fault.FullDisk ? 28 : 5;
                throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
        }
    }

    private void Say(string step)
    {
        Happened = true;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"fault {fault} {step}"));
    }

    private static string Name(long offset, int length) => offset switch
    {
        0 => "header",
        TableLayout.SweepCursorOffset => "hand",
        < TableLayout.TagsOffset => length == CommitLength ? "commit" : "clear",
        < TableLayout.JournalOffset => "tag",
        < TableLayout.SlotsOffset => "journal",
        _ => length == SlotReader.SlotLength ? "room" : "slot",
    };

    private static void Signal(int processId, int signal) => _ = SendSignal(processId, signal);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int processId, int signal);
}
