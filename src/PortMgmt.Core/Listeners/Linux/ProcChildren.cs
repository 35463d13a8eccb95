using System.Buffers;
using System.Buffers.Text;
using PortMgmt.Platform.Native;

namespace PortMgmt.Listeners.Linux;

/// <summary>The processes that a process has started and that still run, as the lists of its threads in /proc have them; none where the kernel keeps no such lists.</summary>
internal static class ProcChildren
{
    // More than the kernel gives at once, which is whole numbers, each with a blank behind it.
    private const int BufferLength = 16 * 1024;

    /// <summary>Adds their ids.</summary>
    /// <param name="processId">The process that started them.</param>
    /// <param name="children">Gets the ids.</param>
    public static void CopyTo(int processId, Stack<int> children)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        using var threads = ProcDirectory.Open($"/proc/{processId}/task");
        while (threads.MoveNext(out int threadId))
        {
            int file = LibC.Open($"/proc/{processId}/task/{threadId}/children", LinuxNative.O_CLOEXEC);
            if (file >= 0)
            {
                Read(file, buffer, children);
                _ = LinuxLibC.Close(file);
            }
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }

    private static unsafe void Read(int file, byte[] buffer, Stack<int> children)
    {
        fixed (byte* start = buffer)
        {
            nint length;
            while ((length = LinuxLibC.Read(file, start, (nuint)buffer.Length)) > 0)
            {
                ReadOnlySpan<byte> rest = buffer.AsSpan(0, (int)length);
                while (Utf8Parser.TryParse(rest, out int child, out int digits))
                {
                    children.Push(child);
                    rest = rest[digits..].TrimStart((byte)' ');
                }
            }
        }
    }
}
