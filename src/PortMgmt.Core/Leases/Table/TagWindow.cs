using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using PortMgmt.Platform;

namespace PortMgmt.Leases.Table;

/// <summary>The tags of the table, read a block at a time as they are asked for.</summary>
internal sealed class TagWindow(HostPlatform platform, SafeFileHandle file) : IDisposable
{
    private const int BlockTags = 2048;
    private const int BlockLength = BlockTags * sizeof(uint);

    // Borrowed: a block is most of what a call would leave to the garbage collector.
    private byte[]? _bytes;
    private int _start = -1;

    /// <summary>The tag of a slot.</summary>
    public uint this[int index] => From(index)[0];

    /// <summary>The tag of a slot and of some that follow it; no longer valid once others are asked for.</summary>
    public ReadOnlySpan<uint> From(int index)
    {
        int start = index & -BlockTags;
        if (start != _start)
        {
            _bytes ??= ArrayPool<byte>.Shared.Rent(BlockLength);
            RandomAccess.Read(file, _bytes.AsSpan(0, BlockLength), TableLayout.TagsOffset + (start * (long)sizeof(uint)));
            _start = start;
        }

        return Block[(index - start)..];
    }

    /// <summary>The next slot whose tag is not that of a never used one; <paramref name="end"/> when there is none.</summary>
    public int NextUsed(int from, int end)
    {
        while (from < end)
        {
            ReadOnlySpan<uint> rest = From(from);
            int hit = rest.IndexOfAnyExcept(0u);
            if (hit >= 0)
            {
                return Math.Min(from + hit, end);
            }

            from += rest.Length;
        }

        return end;
    }

    /// <summary>The next slot that has exactly this tag; <paramref name="end"/> when there is none.</summary>
    public int Next(uint tag, int from, int end)
    {
        while (from < end)
        {
            ReadOnlySpan<uint> rest = From(from);
            int hit = rest.IndexOf(tag);
            if (hit >= 0)
            {
                return Math.Min(from + hit, end);
            }

            from += rest.Length;
        }

        return end;
    }

    public void Write(int index, uint tag)
    {
        platform.Write(file, MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in tag)), TableLayout.TagsOffset + (index * (long)sizeof(uint)));
        if (_start >= 0 && index >= _start && index < _start + BlockTags)
        {
            Block[index - _start] = tag;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_bytes is not null)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = null;
        _start = -1;
    }

    private Span<uint> Block => MemoryMarshal.Cast<byte, uint>(_bytes.AsSpan(0, BlockLength));
}
