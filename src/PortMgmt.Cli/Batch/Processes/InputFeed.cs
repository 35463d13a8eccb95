using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using PortMgmt.Cli.Run;

namespace PortMgmt.Cli.Batch.Processes;

/// <summary>
/// Writes a child's standard input without ever blocking: a pipe that is empty, or that poll(2) calls writable, takes PIPE_BUF bytes.
/// </summary>
/// <param name="descriptor">The write end of the pipe.</param>
/// <param name="bytes">What to write.</param>
[UnsupportedOSPlatform("windows")]
internal unsafe struct InputFeed(int descriptor, byte[] bytes)
{
    private static readonly int AtomicWrite = OperatingSystem.IsMacOS() ? 512 : 4096;

    private int _done;

    /// <summary>Writes the next piece.</summary>
    /// <returns>False when there is nothing more to write, or nobody who wants it.</returns>
    public bool WriteNext()
    {
        int count = Math.Min(bytes.Length - _done, AtomicWrite);
        fixed (byte* start = bytes.AsSpan(_done))
        {
            nint written = count == 0 ? 0 : LibC.Write(descriptor, start, (nuint)count);
            if (written < 0 && Marshal.GetLastPInvokeError() != LibC.Interrupted)
            {
                return false;
            }

            _done += (int)Math.Max(written, 0);
        }

        return _done < bytes.Length;
    }
}
