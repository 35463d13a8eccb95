using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using PortMgmt.Platform.Native;

namespace PortMgmt.Listeners.Linux;

/// <summary>
/// Walks the numbered entries of a directory of /proc. The base class library's walk calls stat(2) on what each link points to,
/// and would hang on a file of a dead network mount; this one touches nothing but the links.
/// </summary>
internal ref struct ProcDirectory : IDisposable
{
    // struct linux_dirent64 (getdents64(2)): inode, offset, length of the record, type, name.
    private const int RecordLengthOffset = 16;
    private const int NameOffset = 19;
    private const int BufferLength = 32 * 1024;
    private const int MaxSocketLinkLength = 32;
    private const int MaxNumberLength = 11;

    private readonly int _descriptor;
    private readonly byte[] _buffer;
    private int _length;
    private int _next;
    private int _name;

    private ProcDirectory(int descriptor)
    {
        _descriptor = descriptor;
        _buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
    }

    /// <summary>Opens a directory. One that is not there or not permitted has no entries.</summary>
    /// <param name="path">The path.</param>
    public static ProcDirectory Open(string path) => new(LibC.Open(path, LinuxNative.O_CLOEXEC));

    /// <summary>Goes to the next entry whose name is a number.</summary>
    /// <param name="number">The name.</param>
    /// <returns>False at the end.</returns>
    public bool MoveNext(out int number)
    {
        number = 0;
        if (_descriptor < 0)
        {
            return false;
        }

        do
        {
            if (_next == _length && !Fill())
            {
                return false;
            }

            _name = _next + NameOffset;
            _next += MemoryMarshal.Read<ushort>(_buffer.AsSpan(_next + RecordLengthOffset));
        }
        while (!Utf8Parser.TryParse(_buffer.AsSpan(_name, _next - _name), out number, out _));
        return true;
    }

    /// <summary>Reads the socket's inode where the present entry is a link to a socket.</summary>
    /// <param name="inode">The inode.</param>
    public readonly bool TryReadSocket(out uint inode) => TryReadSocket(_buffer.AsSpan(_name), out inode);

    /// <summary>Reads the socket's inode where an entry is a link to a socket.</summary>
    /// <param name="number">The entry's name.</param>
    /// <param name="inode">The inode.</param>
    public readonly bool TryReadSocket(int number, out uint inode)
    {
        Span<byte> name = stackalloc byte[MaxNumberLength + 1];
        Utf8Formatter.TryFormat(number, name, out int length);
        name[length] = 0;
        return TryReadSocket(name, out inode);
    }

    private readonly unsafe bool TryReadSocket(ReadOnlySpan<byte> entry, out uint inode)
    {
        inode = 0;
        byte* link = stackalloc byte[MaxSocketLinkLength];
        int length;
        fixed (byte* name = entry)
        {
            length = (int)LinuxNative.ReadLinkAt(_descriptor, name, link, MaxSocketLinkLength);
        }

        ReadOnlySpan<byte> target = new(link, Math.Max(0, length));
        return target.StartsWith("socket:["u8) && Utf8Parser.TryParse(target["socket:["u8.Length..], out inode, out _);
    }

    public readonly void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        if (_descriptor >= 0)
        {
            _ = LinuxLibC.Close(_descriptor);
        }
    }

    private unsafe bool Fill()
    {
        fixed (byte* start = _buffer)
        {
            _length = LinuxNative.ReadDirectory(_descriptor, start, _buffer.Length);
        }

        _next = 0;
        if (_length < 0)
        {
            _length = 0;
        }

        return _length > 0;
    }
}
