using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using PortMgmt.Cli.Run;

namespace PortMgmt.Cli.Output;

/// <summary>
/// Writes to an inherited descriptor by write(2), at the descriptor's own position. A <see cref="FileStream"/> would write
/// at a position of its own, so that two of our processes in <c>{ …; …; } &gt; file</c> would overwrite each other.
/// </summary>
/// <param name="descriptor">The descriptor; it stays open.</param>
[UnsupportedOSPlatform("windows")]
internal sealed class UnixOutputStream(int descriptor) : Stream
{
    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Writes all of it.</summary>
    /// <exception cref="IOException">The other end is closed, or the disk is full.</exception>
    public override unsafe void Write(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            int done = 0;
            while (done < buffer.Length)
            {
                nint written = LibC.Write(descriptor, start + done, (nuint)(buffer.Length - done));
                done += written >= 0 ? (int)written : 0;
                if (written < 0 && !ShouldRetry(Marshal.GetLastPInvokeError()))
                {
                    throw new IOException($"Cannot write the output: {Marshal.GetLastPInvokeErrorMessage()}.");
                }
            }
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    private static bool ShouldRetry(int error)
    {
        if (error == LibC.TryAgain)
        {
            // Somebody made the descriptor non-blocking for everyone who shares it; its reader will catch up.
            Thread.Sleep(1);
        }

        return error is LibC.Interrupted || error == LibC.TryAgain;
    }
}
