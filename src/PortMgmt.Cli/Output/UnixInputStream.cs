using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using PortMgmt.Cli.Run;

namespace PortMgmt.Cli.Output;

/// <summary>
/// Reads an inherited descriptor by read(2), at the descriptor's own position: what is not read here is left for whoever reads next.
/// </summary>
/// <param name="descriptor">The descriptor; it stays open.</param>
[UnsupportedOSPlatform("windows")]
internal sealed class UnixInputStream(int descriptor) : Stream
{
    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads what there is, waiting for the first of it.</summary>
    /// <returns>0 at the end.</returns>
    /// <exception cref="IOException">The descriptor is closed, or is none to read from.</exception>
    public override unsafe int Read(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                nint read = LibC.Read(descriptor, start, (nuint)buffer.Length);
                if (read >= 0)
                {
                    return (int)read;
                }

                int error = Marshal.GetLastPInvokeError();
                if (error == LibC.TryAgain)
                {
                    // Somebody made the descriptor non-blocking for everyone who shares it; its writer will catch up.
                    Thread.Sleep(1);
                }
                else if (error != LibC.Interrupted)
                {
                    throw new IOException($"Cannot read the input: {Marshal.GetPInvokeErrorMessage(error)}.");
                }
            }
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
