using System.Runtime.InteropServices;

namespace PortMgmt.Cli.Batch.Processes;

/// <summary><c>struct pollfd</c>: a negative descriptor is passed over.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollDescriptor
{
    /// <summary>POLLIN.</summary>
    public const short Readable = 1;

    /// <summary>POLLOUT.</summary>
    public const short Writable = 4;

    /// <summary>The descriptor.</summary>
    public int Descriptor;

    /// <summary>What is asked.</summary>
    public short Events;

    /// <summary>What is so; an error or the other end's closing shows unasked.</summary>
    public short Returned;
}
