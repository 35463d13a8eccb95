namespace PortMgmt.Cli.Batch.Processes;

/// <summary>Gathers what a child writes to one stream, up to a bound. Its memory is used again for the next child.</summary>
internal sealed class OutputBuffer
{
    /// <summary>The most that one stream of one operation may hold, in bytes.</summary>
    public const int Limit = 64 << 20;

    private const int FirstSize = 16 << 10;
    private const int LargestKept = 1 << 20;

    private byte[] _bytes = new byte[FirstSize];
    private int _count;

    /// <summary>There was more than <see cref="Limit"/>.</summary>
    public bool IsOver => _count > Limit;

    /// <summary>Room for more.</summary>
    /// <param name="least">At least so many bytes.</param>
    public Span<byte> Reserve(int least)
    {
        if (_bytes.Length - _count < least)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _count + least));
        }

        return _bytes.AsSpan(_count);
    }

    /// <summary>That much of the room was filled.</summary>
    public void Advance(int count) => _count += count;

    /// <summary>Hands over what was gathered, the limit at most, and begins anew.</summary>
    public byte[] Take()
    {
        byte[] taken = _bytes.AsSpan(0, Math.Min(_count, Limit)).ToArray();
        _count = 0;
        if (_bytes.Length > LargestKept)
        {
            _bytes = new byte[FirstSize];
        }

        return taken;
    }
}
