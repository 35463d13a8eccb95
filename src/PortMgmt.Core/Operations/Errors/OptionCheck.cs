using System.Globalization;

namespace PortMgmt.Operations.Errors;

/// <summary>Checks of options that name the option, its value and the range that holds.</summary>
internal static class OptionCheck
{
    public static void InRange<T>(string option, T value, T low, T high)
        where T : IComparable<T>
    {
        // Not the negation of "outside": a NaN compares as below every number and must fail here too.
        if (value.CompareTo(low) >= 0 && value.CompareTo(high) <= 0)
        {
            return;
        }

        throw Invalid(option, string.Create(CultureInfo.InvariantCulture, $"{option} is {value}: give a value from {low} to {high}."));
    }

    public static void Defined<T>(string option, T value)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            throw Invalid(option, $"{option} is {value}: give one of {string.Join(", ", Enum.GetNames<T>())}.");
        }
    }

    public static OperationException Invalid(string option, string message) =>
        new(OperationErrorCode.InvalidOption, message) { Option = option };
}
