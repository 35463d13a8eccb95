using System.Net.Sockets;

namespace PortMgmt.RabbitMq.Connection;

/// <summary>What the broker's client reads and writes: a stream over another one, behind a <see cref="FrameFilter"/>. The client wants it to be one of a socket.</summary>
/// <param name="socket">The socket.</param>
/// <param name="inner">The stream over it, secure or not, which ends with this one.</param>
internal sealed class BrokerStream(Socket socket, Stream inner) : NetworkStream(socket)
{
    private readonly FrameFilter _filter = new();

    /// <inheritdoc/>
    public override bool DataAvailable => _filter.HasBytes || base.DataAvailable;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!_filter.HasBytes && !buffer.IsEmpty)
        {
            int count = await inner.ReadAsync(_filter.GetRoom(), cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                return 0;
            }

            _filter.Advance(count);
        }

        return _filter.Read(buffer.Span);
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        while (!_filter.HasBytes && !buffer.IsEmpty)
        {
            int count = inner.Read(_filter.GetRoom().Span);
            if (count == 0)
            {
                return 0;
            }

            _filter.Advance(count);
        }

        return _filter.Read(buffer);
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer) => inner.Write(buffer);

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
