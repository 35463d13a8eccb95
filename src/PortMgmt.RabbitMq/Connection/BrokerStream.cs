using System.Net.Sockets;

namespace PortMgmt.RabbitMq.Connection;

/// <summary>What the broker's client reads and writes: a stream over another one, behind a <see cref="FrameFilter"/>. The client wants it to be one of a socket.</summary>
/// <param name="socket">The socket.</param>
/// <param name="attempt">For what it is; told what it finds.</param>
/// <param name="inner">The stream over it, secure or not, which ends with this one.</param>
internal sealed class BrokerStream(Socket socket, ConnectAttempt attempt, Stream inner) : NetworkStream(socket)
{
    private readonly FrameFilter _filter = new();

    /// <inheritdoc/>
    public override bool DataAvailable => _filter.HasBytes || base.DataAvailable;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!_filter.HasBytes && !buffer.IsEmpty)
        {
            if (!Take(await inner.ReadAsync(_filter.GetRoom(), cancellationToken).ConfigureAwait(false)))
            {
                return 0;
            }
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
            if (!Take(inner.Read(_filter.GetRoom().Span)))
            {
                return 0;
            }
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

    // False where it has ended, as it may between two frames. In the middle of one the client would look for the rest without an end, and
    // with a whole processor.
    private bool Take(int count)
    {
        _filter.Advance(count);
        if (!_filter.SpeaksProtocol && count == 0)
        {
            attempt.RecordEnd("It ended the connection without a word.");
        }
        else if (!_filter.SpeaksProtocol)
        {
            attempt.RecordHopeless("What answers there is no broker, or its port for TLS, for which the URL begins with amqps://.");
        }

        if (count == 0 ? _filter.IsInFrame : !_filter.SpeaksProtocol)
        {
            throw new EndOfStreamException("The connection ended in the middle of a frame.");
        }

        return count > 0;
    }

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
