using System.Globalization;
using System.Text;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>
/// What makes a script block the same as another for the cache of a daemon: its text and the values that it was given. Where a value
/// has no text that says all of it, there is no identity and nothing is shared.
/// </summary>
internal static class ExecutorIdentity
{
    private const char Separator = '\0';

    /// <summary>The identity; null when a value is not a simple one, which is then named.</summary>
    public static string? TryFind(
        string text, IEnumerable<KeyValuePair<string, object?>> values, IEnumerable<BroughtFunction> functions, out string? obstacle)
    {
        obstacle = null;
        var identity = new StringBuilder(text);
        foreach (BroughtFunction function in functions)
        {
            identity.Append(Separator).Append(function.Identity);
        }

        foreach ((string name, object? value) in values.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            object? plain = value is System.Management.Automation.PSObject wrapped ? wrapped.BaseObject : value;
            if (plain is not (null or string or Guid or DateTime or DateTimeOffset or TimeSpan or Uri or Version) && !plain.GetType().IsPrimitive && plain is not (decimal or Enum))
            {
                obstacle = name;
                return null;
            }

            identity.Append(Separator).Append(name).Append(Separator).Append(plain?.GetType()).Append(Separator).Append(TextOf(plain));
        }

        return identity.ToString();
    }

    private static string? TextOf(object? value) => value switch
    {
        DateTime time => time.ToString("o", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("o", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
