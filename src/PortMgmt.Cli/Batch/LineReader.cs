using PortMgmt.Cli.Parsing;

namespace PortMgmt.Cli.Batch;

/// <summary>Cuts a stream into lines of bytes, holding one of them at a time.</summary>
/// <param name="stream">The stream.</param>
/// <param name="name">What it is, for errors.</param>
/// <param name="longest">How many bytes a line may have.</param>
internal sealed class LineReader(Stream stream, string name, int longest)
{
    private byte[] _buffer = new byte[64 << 10];
    private int _start;
    private int _end;

    private long _number;
    private long _bytes;

    /// <summary>How many lines were read. Any thread.</summary>
    public long Number => Volatile.Read(ref _number);

    /// <summary>How many bytes these lines had. Any thread.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Whether the last line read ended with a line feed, and not with the stream.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>The next line without its line feed, valid until the next call.</summary>
    /// <returns>False at the end of the stream.</returns>
    /// <exception cref="UsageException">The line is too long.</exception>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        int looked = 0;
        while (true)
        {
            int length = _buffer.AsSpan(_start + looked, _end - _start - looked).IndexOf((byte)'\n');
            looked = length >= 0 ? looked + length : _end - _start;
            if (looked > longest)
            {
                throw new UsageException($"Line {Number + 1} of {name} has more than {longest >> 20} MiB. Put what is so large into a file, and its name into the line.");
            }

            if (length >= 0)
            {
                return Take(looked, isWhole: true, out line);
            }

            if (!Fill())
            {
                return Take(looked, isWhole: false, out line) && looked > 0;
            }
        }
    }

    private bool Take(int length, bool isWhole, out ReadOnlySpan<byte> line)
    {
        line = _buffer.AsSpan(_start, length);
        _start += length + (isWhole ? 1 : 0);
        IsWhole = isWhole;
        Volatile.Write(ref _bytes, _bytes + length + (isWhole ? 1 : 0));
        Volatile.Write(ref _number, _number + (isWhole || length > 0 ? 1 : 0));
        return true;
    }

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        int read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        return read > 0;
    }
}
