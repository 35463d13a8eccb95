using System.Buffers.Binary;

namespace PortMgmt.RabbitMq.Connection;

/// <summary>
/// Gives the broker's bytes on as they come, frame by frame. One with the properties of a message is kept until it is whole, and cleaned;
/// everything else passes unseen. Not thread-safe: a stream has one reader.
/// </summary>
internal sealed class FrameFilter
{
    private const int HeadSize = 7;
    private const int EndSize = 1;
    private const int SizeAt = 3;
    private const byte MethodFrame = 1;
    private const byte HeaderFrame = 2;

    /// <summary>No frame with properties is as large: a broker sends those in one, and messages are at most as large as this.</summary>
    private const long MaxHeaderSize = 128 << 20;

    private byte[] _buffer = new byte[1 << 16];

    /// <summary>Where what may be given on begins.</summary>
    private int _start;

    /// <summary>Where it ends.</summary>
    private int _ready;

    /// <summary>Where what came ends.</summary>
    private int _end;

    /// <summary>How much of the present frame has yet to pass.</summary>
    private long _passing;

    /// <summary>What came began as a broker begins, with a method.</summary>
    public bool SpeaksProtocol { get; private set; }

    /// <summary>Of the present frame there is more to come.</summary>
    public bool IsInFrame => _passing > 0 || _ready < _end;

    /// <summary>There is something to give on.</summary>
    public bool HasBytes => _start < _ready;

    /// <summary>Room for what comes next.</summary>
    public Memory<byte> GetRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_ready, _end, _start) = (_ready - _start, _end - _start, 0);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>So many bytes came into the room.</summary>
    public void Advance(int count)
    {
        _end += count;
        SpeaksProtocol |= _ready == 0 && _end > 0 && _buffer[0] == MethodFrame;
        while (_ready < _end && TryPass())
        {
            // As far as it goes.
        }
    }

    /// <summary>Gives on what there is room for.</summary>
    /// <returns>How many bytes that were.</returns>
    public int Read(Span<byte> target)
    {
        int count = Math.Min(target.Length, _ready - _start);
        _buffer.AsSpan(_start, count).CopyTo(target);
        _start += count;
        return count;
    }

    // False where more has to come first.
    private bool TryPass()
    {
        if (_passing == 0)
        {
            Span<byte> frame = _buffer.AsSpan(_ready, _end - _ready);
            if (frame.Length < HeadSize)
            {
                return false;
            }

            _passing = HeadSize + BinaryPrimitives.ReadUInt32BigEndian(frame[SizeAt..]) + EndSize;
            if (frame[0] == HeaderFrame)
            {
                if (_passing > MaxHeaderSize)
                {
                    throw new IOException($"The broker announces properties of {_passing} bytes.");
                }

                if (frame.Length < _passing)
                {
                    _passing = 0;
                    return false;
                }

                Clean(frame);
            }
        }

        int count = (int)Math.Min(_passing, _end - _ready);
        _ready += count;
        _passing -= count;
        return true;
    }

    // What comes behind it moves up.
    private void Clean(Span<byte> frame)
    {
        int size = (int)_passing - HeadSize - EndSize;
        int left = HeaderFilter.Clean(frame.Slice(HeadSize, size));
        if (left < size)
        {
            BinaryPrimitives.WriteInt32BigEndian(frame[SizeAt..], left);
            frame[(HeadSize + size)..].CopyTo(frame[(HeadSize + left)..]);
            _passing -= size - left;
            _end -= size - left;
        }
    }
}
