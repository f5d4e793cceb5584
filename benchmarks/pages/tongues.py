"""Sentences in other languages for pages that are not in English; invented, and few on purpose."""

from __future__ import annotations

TONGUES: dict[str, list[str]] = {
    "ar": [
        "قال {who} يوم الثلاثاء إن المحادثات في {town} ستستمر حتى نهاية الشهر إذا التزم الطرفان بالخطة.",
        "وصل {n} مراقبا إلى {town} صباح اليوم، وبدأوا العمل قرب الجسر القديم مع فريق من {land}.",
        "أكد المتحدث باسم {land} أن الطريق إلى {town} مفتوح أمام قوافل المساعدات منذ {k} أيام.",
        "انتظرت عشرات العائلات قرب المعبر الشمالي عودة المياه والكهرباء إلى أحياء {town}.",
        "“لقد سمعنا هذه الوعود من قبل”، قال {who}، “وسنصدقها عندما نرى القوارب في الميناء”.",
        "ولم يعلق أي من الجانبين على التقارير التي تحدثت عن سقوط {n} قذيفة حول محطة الكهرباء.",
        "ومن المتوقع أن يقود {who} وفد {land} في الجولة المقبلة من المفاوضات.",
        "تنص المسودة على أن يبلغ كل طرف الطرف الآخر بتحركاته قبل {k} ساعة على الأقل.",
    ],
    "ar:title": ["{land} تعرض {n} مراقبا لمراقبة الهدنة في {town}", "سكان {town} ينتظرون عودة المياه بعد قصف المحطة"],
    "de": [
        "{who} sagte am Dienstag in {town}, die Waffenruhe werde halten, wenn beide Räte sich an den Plan halten.",
        "Rund {n} Beobachter haben nach Angaben aus {land} den Hafen erreicht und ihre Arbeit aufgenommen.",
        "Die beiden Delegationen berieten {k} Stunden lang und wollen vor Ende des Monats erneut zusammenkommen.",
        "„Das hat man uns schon oft versprochen“, sagte {who}, „und wir glauben es erst, wenn die Boote da sind.“",
        "In {town} gibt es seit dem Angriff auf das Wasserwerk kein fließendes Wasser, wie der Stadtrat mitteilte.",
        "Der Entwurf lässt offen, wer die Patrouillen führt und wer für die Reparatur des Damms bezahlt.",
        "Das Parlament von {land} muss dem Einsatz noch zustimmen, was nach Ansicht von {who} nur Tage dauern wird.",
        "Mindestens {n} Menschen warteten an der Brücke bei {town}, als die ersten Lastwagen eintrafen.",
    ],
    "de:title": ["{land} bietet {n} Beobachter für die Waffenruhe an", "{town} wartet nach dem Angriff auf Wasser"],
    "es": [
        "{who} dijo el martes en {town} que la tregua seguirá en pie si los dos consejos respetan el plan.",
        "Unos {n} observadores llegaron al puerto, según las autoridades de {land}, y empezaron su trabajo.",
        "Las dos delegaciones se reunieron durante {k} horas y acordaron hablar de nuevo antes de fin de mes.",
        "«Nos lo han prometido muchas veces», dijo {who}, «y lo creeremos cuando veamos los barcos en el puerto».",
        "En {town} no hay agua corriente desde el ataque contra la planta, informó el ayuntamiento.",
        "El borrador no dice quién dirige las patrullas ni quién paga la reparación de la presa.",
        "El parlamento de {land} todavía tiene que votar el envío, lo que {who} considera cuestión de días.",
        "Al menos {n} personas esperaban en el puente cerca de {town} cuando llegaron los primeros camiones.",
    ],
    "es:title": ["{land} ofrece {n} observadores para vigilar la tregua", "{town} espera el agua tras el ataque a la planta"],
    "uk": [
        "{who} заявив у вівторок у місті {town}, що перемир'я триватиме, якщо обидві ради дотримаються плану.",
        "Близько {n} спостерігачів прибули до порту, повідомила влада країни {land}, і розпочали роботу.",
        "Дві делегації радилися {k} годин і домовилися зустрітися знову до кінця місяця.",
        "«Нам це вже обіцяли, — сказав {who}, — і ми повіримо, коли побачимо човни в гавані».",
        "У місті {town} немає води після удару по водоканалу, повідомила міська рада.",
        "У проєкті не сказано, хто очолить патрулі та хто заплатить за ремонт греблі.",
        "Парламент країни {land} ще має проголосувати за відправлення місії, додав {who}.",
        "Щонайменше {n} людей чекали біля мосту неподалік міста {town}, коли прибули перші вантажівки.",
    ],
    "uk:title": ["{land} пропонує {n} спостерігачів для перемир'я", "{town} чекає на воду після удару по станції"],
}  # fmt: skip
