using System.Runtime.InteropServices;
using System.Text;

namespace PortMgmt.Cli.Run;

/// <summary>An array of pointers to byte strings, ended by null, as execve takes it.</summary>
internal sealed unsafe class NativeVector : IDisposable
{
    private readonly List<nint> _owned = [];
    private readonly List<nint> _items = [];
    private byte** _array;

    /// <summary>Adds a text in Latin-1, copied.</summary>
    public void Add(string text) => Add(Encoding.Latin1.GetBytes(text));

    /// <summary>Adds bytes, copied.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        nint copy = (nint)NativeMemory.Alloc((nuint)bytes.Length + 1);
        bytes.CopyTo(new Span<byte>((void*)copy, bytes.Length));
        ((byte*)copy)[bytes.Length] = 0;
        _owned.Add(copy);
        _items.Add(copy);
    }

    /// <summary>Adds a string that lives longer than this.</summary>
    public void Add(byte* borrowed) => _items.Add((nint)borrowed);

    /// <summary>The array, valid until this is disposed of.</summary>
    public byte** ToPointer()
    {
        NativeMemory.Free(_array);
        _array = (byte**)NativeMemory.AllocZeroed((nuint)_items.Count + 1, (nuint)sizeof(byte*));
        for (int i = 0; i < _items.Count; i++)
        {
            _array[i] = (byte*)_items[i];
        }

        return _array;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(_array);
        _array = null;
        foreach (nint copy in _owned)
        {
            NativeMemory.Free((void*)copy);
        }

        _owned.Clear();
        _items.Clear();
    }
}
